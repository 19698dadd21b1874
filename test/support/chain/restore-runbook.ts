import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "../networks.ts";
import { commandsOf } from "./runbook.ts";
import type { RunningNetwork } from "./running-network.ts";

const commands = commandsOf("restore-a-volume");

/**
 * Runs the commands of the runbook for a volume under those headings, with this network's names, for mezo-node-1.
 *
 * @param blocks how many blocks the signing state is raised by, fewer than the runbook's hundred to save time.
 * @param replaced words of the commands, and what stands there instead.
 * @returns what they print.
 */
export async function followRestore(
  { operator }: RunningNetwork,
  blocks: number,
  headings: string[],
  replaced: Record<string, string> = {},
): Promise<string> {
  const here = {
    "application=mezo-staging": `application=mezo-${local.name}`,
    "blocks=100": `blocks=${blocks}`,
    ...replaced,
  };
  const script = Object.entries(here).reduce(
    (text, [word, other]) => text.replaceAll(word, other),
    ["", ...headings].map(commands).join("\n"),
  );
  const kubeconfig = join(operator.clone, "..", "runbook.kubeconfig");
  const config = JSON.parse(readFileSync(operator.kubeconfig, "utf8"));
  config.contexts[0].context.namespace = local.namespace;
  writeFileSync(kubeconfig, JSON.stringify(config));
  const settings = `export KUBECONFIG=${kubeconfig}; argocd() { command argocd "$@" --auth-token none; }`;
  return operator.run("bash", ["-euo", "pipefail", "-c", `${settings}\n${script}`]);
}
