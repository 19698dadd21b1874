import { resolve } from "node:path";
import { UsageError } from "generators/operator-error.ts";
import { args, run } from "./lib/cli.ts";
import { kustomize, overlayNames } from "./objects/kustomize.ts";
import type { Outcome } from "./validate/steps.ts";

const outputs = ["text", "json", "junit", "github"] as const;
type Format = Exclude<(typeof outputs)[number], "text">;
const isOutput = (name: string): name is (typeof outputs)[number] => outputs.some((each) => each === name);

const usage = `Usage: pnpm validate [overlay…] [--list] [--output ${outputs.join("|")}] [--since <commit>]

Checks all overlays, or the named ones, without a cluster and without a network:
  1. the files are those that \`pnpm gen\` makes
  2. kustomize builds every overlay
  3. every object fits the strict schemas of the oldest and the newest Kubernetes, custom resources included
  4. the rules hold over each whole overlay, but for the exceptions that the network declares with a reason
  5. what is sealed is what the network needs, and no Secret lies about in plain
  6. no file that git has or would take holds a key, mnemonic or password
Exits 1 when anything is wrong.

  --list            explain everything it looks for, and check nothing
  --output <form>   text for people; json, junit or github (annotations in a pull request) for programs
  --since <commit>  compare the genesis of a running chain with this commit's, not with the previous one's
  --help            this text
`;

await run(usage, async () => {
  const { values, positionals } = args({
    list: { type: "boolean", default: false },
    output: { type: "string", default: "text" },
    since: { type: "string" },
  });
  const { list, output, since } = values;
  if (!isOutput(output)) throw new UsageError(`no output ${output}; there are ${outputs.join(", ")}`);
  if (list) return explain();
  const root = resolve(import.meta.dirname, "..");
  const building = overlayNames(root, positionals).map((overlay) => ({ overlay, yaml: kustomize(root, overlay) }));
  // Reported by its step.
  for (const { yaml } of building) yaml.catch(() => {});
  // Kustomize is at work while the rest of this program is loaded.
  const [{ validate }, { isError }, { stepText, verdict }] = await Promise.all([
    import("./validate/steps.ts"),
    import("./validate/problem.ts"),
    import("./validate/report/text.ts"),
  ]);
  const outcomes: Outcome[] = [];
  for (const step of validate(root, building, since)) {
    const outcome = await step;
    outcomes.push(outcome);
    if (output === "text") console.log(stepText(outcome));
  }
  const problems = outcomes.flatMap((outcome) => outcome.problems);
  console.log(output === "text" ? verdict(problems) : await formatted(output, outcomes, root));
  return problems.some(isError) ? 1 : 0;
});

async function explain(): Promise<number> {
  const [{ rules }, { kinds }] = await Promise.all([import("./rules/index.ts"), import("./validate/kinds.ts")]);
  for (const { id, why, fix } of [...rules, ...Object.values(kinds)]) console.log(`${id}\n  ${why}\n  ${fix}`);
  return 0;
}

async function formatted(format: Format, outcomes: Outcome[], root: string): Promise<string> {
  const { formats } = await import("./validate/report/formats.ts");
  return formats[format](outcomes, root);
}
