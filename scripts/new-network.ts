import { resolve } from "node:path";
import { generate } from "generators/generate.ts";
import { networkFile, validatorsFile } from "generators/network/paths.ts";
import { UsageError } from "generators/operator-error.ts";
import { args, run } from "./lib/cli.ts";
import { beginWriting } from "./lib/writing.ts";
import { askAnswers } from "./new-network/ask.ts";
import { exampleValidators } from "./new-network/example-validators.ts";
import { requireFreeName } from "./new-network/free-name.ts";
import { questions } from "./new-network/questions.ts";
import { readBack } from "./new-network/read-back.ts";
import { networkText } from "./new-network/text.ts";

const usage = `Usage: pnpm new-network <name> [options]

Writes the description of a new network, with comments: generators/networks/<name>.ts, and validators.json with examples of
validators, which \`pnpm run import\` replaces. Then renders, as \`pnpm gen\` does. On a terminal it asks what the options
do not say; elsewhere, or with --yes, what they do not say is the default. Nothing is written until all of it is valid.

${questions.map(({ option, ask }) => `  --${option.padEnd(14)} ${ask}`).join("\n")}
  --gke            the network is on GKE, with public addresses; so is one with any option --gke-…
  --yes            ask nothing
  --help           show this text
`;

const root = resolve(import.meta.dirname, "..");
const text = { type: "string" } as const;

await run(usage, async () => {
  const { values, positionals } = args({
    ...Object.fromEntries(questions.map(({ option }) => [option, text])),
    gke: { type: "boolean" },
    yes: { type: "boolean" },
  });
  const [name, ...more] = positionals;
  if (!name || more.length > 0) throw new UsageError("name one network, such as acme");
  requireFreeName(root, name);
  const answers = await askAnswers(name, values as Record<string, string | boolean | undefined>);
  beginWriting(root);
  const validators = exampleValidators(answers);
  const declaration = networkText(answers, `${new Date().toISOString().slice(0, 19)}Z`);
  const network = await readBack(name, declaration, validators);
  const inputs = new Map([
    [networkFile(name), declaration],
    [validatorsFile(name), `${JSON.stringify(validators, null, 2)}\n`],
  ]);
  const { diff } = await generate(root, { inputs, added: [{ network }] });
  console.log(`new-network: ${diff.missing.length + diff.changed.length} files written
Next:
  read ${networkFile(name)}, and change what is not so; then \`pnpm gen\` and \`pnpm validate\`
${answers.gke ? "" : `  to see it run: commit, and \`pnpm cluster up ${name}\`\n`}  make the chain's artifacts, and \`pnpm run import ${name}\`: nobody has the keys of the validators that are there now
  \`pnpm seal ${name}\`, commit and push${answers.argocd ? "; then `kubectl apply -k overlays/argocd`" : ""}`);
  return 0;
});
