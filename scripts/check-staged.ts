import { resolve } from "node:path";
import { args, run } from "./lib/cli.ts";
import { formatFinding } from "./lib/finding.ts";
import { stagedContents } from "./secrets/sources.ts";
import { requirements } from "./validate/requirements.ts";
import { secretsIn } from "./validate/secrets.ts";

const usage = `Usage: node scripts/check-staged.ts

Checks what the next commit would change for keys, mnemonics and passwords. Git runs it before each commit after
\`git config core.hooksPath .githooks\`. Exits with 1 when it finds one.
`;

await run(usage, async () => {
  args({});
  const { findings } = await secretsIn(stagedContents(resolve(import.meta.dirname, "..")));
  for (const finding of findings) console.error(`${finding.severity}: ${formatFinding(finding)}`);
  if (findings.every(({ severity }) => severity === "warning")) return 0;
  console.error(`${requirements.secret.why} ${requirements.secret.fix}`);
  return 1;
});
