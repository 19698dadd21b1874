import type { Network } from "generators/network/schema.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { PodFacts, StatusFacts } from "./facts.ts";
import { judgeArgocd } from "./judge-argocd.ts";
import { judgeChain } from "./judge-chain.ts";
import { judgeKeyless, judgeServers } from "./judge-keyless.ts";
import { judgeSnapshots } from "./judge-snapshots.ts";
import { judgeValidator } from "./judge-validator.ts";
import { countOf } from "./words.ts";

// JSON-RPC is asked after the nodes, and one of several answers.
const inStep = 10;

/** What all of the facts mean, in the order of the screen. */
export const judgeStatus = (network: Network, facts: StatusFacts): Verdict[] => [
  ...judgeArgocd(network, facts.argocd, facts.now),
  ...facts.gates.flatMap(judgeGate),
  ...judgeChain(network, facts),
  judgeJsonRpc(facts),
  ...judgeServers(network, facts),
  ...judgeSnapshots(network, facts),
  ...facts.validators.flatMap((each) => judgeValidator(network, facts, each)),
  ...facts.keyless.flatMap((each) => judgeKeyless(facts, each)),
];

/** A gate that can't ask holds the sync, and Argo CD only says that it waits. */
function judgeGate({ name, reason }: PodFacts): Verdict[] {
  if (!reason) return [];
  const gate = name.replace(/-[a-z0-9]+$/, "");
  return [
    error(gate, `does not run: ${reason}`, `See kubectl describe pod ${name}, and docs/runbooks/held-rollout.md.`),
  ];
}

function judgeJsonRpc({ jsonRpc, chain }: StatusFacts): Verdict {
  const { at, isPublic, height } = jsonRpc;
  const about = "JSON-RPC";
  if ("unknown" in height) {
    const remedy = isPublic
      ? "See kubectl describe ingress, and whether its backends are healthy."
      : "See why no node that answers is ready.";
    return error(about, `does not answer at ${at} (${height.unknown})`, remedy);
  }
  const top = "value" in chain ? chain.value.height : 0;
  const behind = top - height.value;
  if (behind > inStep) {
    return warning(
      about,
      `answers at ${at} with height ${height.value}, ${countOf(behind, "block")} behind the chain`,
      "See which ready node is behind.",
    );
  }
  return ok(
    about,
    `answers at ${at}${isPublic ? "" : " (no public address is described)"} with height ${height.value}`,
  );
}
