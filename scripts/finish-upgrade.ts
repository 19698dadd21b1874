import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { importDeclaration } from "generators/declaration.ts";
import { declaredNetworks, refuseUnknownNetworks } from "generators/declared.ts";
import { generate } from "generators/generate.ts";
import { networkFile } from "generators/network/paths.ts";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import { args, run } from "./lib/cli.ts";
import { confirm } from "./lib/prompt.ts";
import { beginWriting } from "./lib/writing.ts";
import { byHand, finished, finishedText } from "./upgrade/finish.ts";

const usage = `Usage: pnpm finish-upgrade <network> [--yes]

Ends an upgrade that the chain has carried out: the release of \`upgrade\` becomes the network's image, and the field goes.
Then renders, as \`pnpm gen\` does. The push restarts the validators one after the other, with the program that they run.

  --yes    write without asking
  --help   show this text
`;

const root = resolve(import.meta.dirname, "..");

await run(usage, async () => {
  const { values, positionals } = args({ yes: { type: "boolean", default: false } });
  const name = networkOf(positionals);
  beginWriting(root);
  const declaration = await importDeclaration(root, name);
  const { upgrade } = declaration;
  if (!upgrade) throw new OperatorError(`${networkFile(name)} has no \`upgrade\` to finish`);
  if ("height" in upgrade && !values.yes) {
    const question = `Do all validators sign again behind height ${upgrade.height}? Before it the new release can't run.`;
    if (!(await confirm(question, "pass --yes to write without asking")))
      throw new OperatorError("nothing was changed");
  }
  const file = join(root, networkFile(name));
  const text = readFileSync(file, "utf8");
  try {
    writeFileSync(file, finishedText(text, upgrade));
    if (!isDeepStrictEqual(await importDeclaration(root, name), finished(declaration))) {
      throw new OperatorError(`${networkFile(name)} is not written as this command knows it: ${byHand(upgrade)}`);
    }
    const { diff } = await generate(root);
    console.log(
      `finish-upgrade: ${networkFile(name)} and ${diff.missing.length + diff.changed.length} files written, ${diff.extra.length} removed`,
    );
  } catch (error) {
    writeFileSync(file, text);
    throw error;
  }
  return 0;
});

function networkOf([name, ...more]: string[]): string {
  const declared = declaredNetworks(root);
  if (!name || more.length > 0) throw new UsageError(`name one network: ${declared.join(", ")}`);
  refuseUnknownNetworks([name], declared);
  return name;
}
