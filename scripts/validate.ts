import { resolve } from "node:path";
import { UsageError } from "generators/operator-error.ts";
import { args, run } from "./lib/cli.ts";
import { overlayNames } from "./objects/kustomize.ts";
import { requirementList } from "./validate/list.ts";
import { reports } from "./validate/report/index.ts";
import { isError } from "./validate/reported-finding.ts";
import { validate } from "./validate/steps.ts";

const outputs = Object.keys(reports);

const usage = `Usage: pnpm validate [overlay…] [--list] [--output ${outputs.join("|")}] [--since <commit>]

Checks all overlays, or the named ones, without a cluster and without a network:
  1. the files are those that \`pnpm gen\` writes
  2. kustomize builds every overlay
  3. every object fits the strict schemas of the oldest and the newest Kubernetes, custom resources included
  4. the rules hold over each whole overlay, except where the network declares an exception with a reason
  5. what is sealed is what the network needs, and no Secret is in plain text
  6. compared with the commit before: no key moves, no validator goes and no field changes as a cluster can't follow
  7. no file that git has or would take holds a key, mnemonic or password, nor does anything staged or pushed
Exits with 1 when anything is wrong.

  --list            explain everything that is required, and check nothing
  --output <form>   text for people; json, junit or github (annotations in a pull request) for programs
  --since <commit>  compare with this commit, not with the one before the last: with what the cluster runs; and search
                    all later commits for secrets, without it those that no remote branch has, and the last one
  --help            this text
`;

await run(usage, async () => {
  const { values, positionals } = args({
    list: { type: "boolean", default: false },
    output: { type: "string", default: "text" },
    since: { type: "string" },
  });
  const { list, output, since } = values;
  if (!(output in reports)) throw new UsageError(`there is no output ${output}; there are ${outputs.join(", ")}`);
  if (list) {
    console.log(requirementList());
    return 0;
  }
  const root = resolve(import.meta.dirname, "..");
  const outcomes = await validate(root, overlayNames(root, positionals), since);
  console.log(reports[output as keyof typeof reports](outcomes, root));
  return outcomes.some(({ findings }) => findings.some(isError)) ? 1 : 0;
});
