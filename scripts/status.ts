import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import { args, run } from "./lib/cli.ts";
import { apiOf } from "./lib/cluster/api.ts";
import { networkCluster } from "./lib/cluster/context.ts";
import { lookingWords, namedNetwork, outputOf } from "./lib/named-network.ts";
import { exitCode } from "./lib/verdict.ts";
import { collectStatus } from "./status/collect.ts";
import { judgeStatus } from "./status/judge.ts";
import { statusScreen } from "./status/screen.ts";

const usage = `Usage: pnpm status <network> [--watch] [--context NAME] [--output text|json]

Shows on one screen how a network is: what Argo CD makes of the newest commit and what a sync waits for, whether the chain
makes blocks and who signs them, each validator, and what JSON-RPC answers. It asks the cluster of kubectl's current
context, which must be the network's, by the API server and by forwarded ports, and changes nothing.
Exits with 1 when something needs a person.

  --watch          look again every five seconds, until Ctrl-C
  --context NAME   the name of the context, for a network that does not name its cluster; otherwise the terminal is asked
  --output json    the facts and what they mean, as one JSON object
  --help           show this text
`;

const root = resolve(import.meta.dirname, "..");
const pause = 5000;

await run(usage, async () => {
  const { values, positionals } = args({
    watch: { type: "boolean", default: false },
    context: { type: "string" },
    output: { type: "string", default: "text" },
  });
  const output = outputOf(values.output);
  if (values.watch && output === "json") throw new UsageError("--watch shows a screen: leave out --output json");
  const network = await namedNetwork(root, positionals);
  const api = await apiOf(await networkCluster(network, values.context, lookingWords));

  const look = async () => {
    const facts = await collectStatus(network, api);
    const verdicts = judgeStatus(network, facts);
    const text =
      output === "json"
        ? JSON.stringify({ network: network.name, verdicts, facts }, null, 2)
        : statusScreen(network, facts, verdicts);
    return { text, code: exitCode(verdicts) };
  };
  if (!values.watch) {
    const { text, code } = await look();
    console.log(text);
    return code;
  }
  for (;;) {
    // The API server may be away for a while, as when its machine is replaced.
    const text = await look().then(
      (seen) => seen.text,
      (error) => {
        if (error instanceof OperatorError) return error.message;
        throw error;
      },
    );
    if (process.stdout.isTTY) process.stdout.write("\x1b[2J\x1b[H");
    console.log(text);
    await sleep(pause);
  }
});
