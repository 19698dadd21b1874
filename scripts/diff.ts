import { resolve } from "node:path";
import { UsageError } from "generators/operator-error.ts";
import { compare } from "./diff/compare.ts";
import { forms } from "./diff/report/index.ts";
import { args, run } from "./lib/cli.ts";

const usage = `Usage: pnpm diff [network…] [--since <commit>] [--output ${Object.keys(forms).join("|")}]

Says what a push does to all networks, or to the named ones: whether the chain could stop, a key or a volume is touched or
something becomes public; which validators restart, in which order, and about how long that takes. Then field by field what
changes. Compares the files with the last commit, and where they are that one, it with the commit before it.

  --since <commit>  compare with this commit: with what the cluster runs
  --output <form>   text for people; markdown for a pull request; json for programs
  --help            this text
`;

await run(usage, async () => {
  const { values, positionals } = args({ output: { type: "string", default: "text" }, since: { type: "string" } });
  const { output, since } = values;
  if (!Object.hasOwn(forms, output))
    throw new UsageError(`there is no output ${output}; there are ${Object.keys(forms).join(", ")}`);
  const comparison = await compare(resolve(import.meta.dirname, ".."), positionals, since);
  console.log(forms[output as keyof typeof forms](comparison));
  return 0;
});
