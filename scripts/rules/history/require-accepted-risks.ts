import { acceptedRisks } from "generators/network/accepted-risks.ts";
import { networkFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import { consequences, pushOf } from "../../diff/consequences.ts";
import type { Consequence } from "../../diff/risk.ts";
import { errorAt, type Finding } from "../../lib/finding.ts";
import type { Before, Rule } from "../rule.ts";

export default {
  id: "require-accepted-risks",
  why: "A push that stops the chain, or may stop it, needs somebody who has weighed that and says so in the network.",
  fix: "Change the push so that it does no such thing, `pnpm diff` tells what does; or accept the risk in the network, with a reason and the last day on which it counts, and take that out once the push is done.",
  brokenBy: "network",
  *check(manifests, network, before = [], keystores = new Map()) {
    if (!network) return;
    const today = new Date().toISOString().slice(0, 10);
    const file = networkFile(network.name);
    for (const [i, { until }] of network.accept.entries()) {
      if (until >= today) continue;
      const message = `counted until ${until}; today is ${today}: remove it`;
      yield { severity: "warning", object: file, field: `accept[${i}]`, message };
    }
    const reported = new Set<string>();
    for (const each of before) {
      const was = each.manifests;
      if (!was) continue;
      const push = {
        ...each,
        network,
        was: { manifests: was, keystores: each.keystores },
        is: { manifests, keystores },
      };
      for (const consequence of consequences(pushOf(network.name, push))) {
        if (reported.has(consequence.message) || consequence.reason || isAccepted(network, consequence, today))
          continue;
        const finding = unaccepted(file, consequence, each);
        if (finding) yield finding;
        reported.add(consequence.message);
      }
    }
  },
} satisfies Rule;

const isAccepted = ({ accept }: Network, { risk }: Consequence, today: string) =>
  accept.some((each) => each.risk === risk && each.until >= today);

function unaccepted(file: string, { risk, message }: Consequence, { commit }: Before): Finding | undefined {
  if (!acceptedRisks.some((each) => each === risk)) return undefined;
  const line = `accept: [{ risk: ${JSON.stringify(risk)}, reason: "…", until: "<yyyy-mm-dd>" }]`;
  return errorAt(
    file,
    "accept",
    `since commit ${commit} the push ${risk}: ${message.replace(/\.$/, "")}; ${line} would accept it`,
  );
}
