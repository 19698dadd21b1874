import { validatorsServe } from "generators/network/keyless.ts";
import type { Network } from "generators/network/schema.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { KeylessFacts, StatusFacts } from "./facts.ts";
import { inStep, judgeDisk, judgePod } from "./judge-validator.ts";

/** One node without a key: its pod, its node and its disk. */
export function judgeKeyless(facts: StatusFacts, each: KeylessFacts): Verdict[] {
  const { kind, name: about, pod } = each;
  if (!pod) return [error(about, "has no pod", `See why: kubectl describe statefulset ${about.replace(/-\d+$/, "")}.`)];
  const found = [...judgePod(about, pod, facts.now), ...judgeNode(facts, each), ...judgeDisk(about, each)];
  if (found.length > 0) return found;
  return [ok(about, kind === "seed" ? "runs" : "runs, and is with the chain")];
}

function judgeNode({ chain }: StatusFacts, { kind, name: about, node, pod }: KeylessFacts): Verdict[] {
  if ("unknown" in node) {
    // A pod that is not ready has said why already.
    if (!pod?.isReady) return [];
    const says = `has a ready pod whose node does not answer (${node.unknown})`;
    return [warning(about, says, "See that you may forward ports of pods (pods/portforward).")];
  }
  const { height, isCatchingUp, peers } = node.value;
  if (peers === 0) {
    return [error(about, "has no peer", "See that validators run, and that policies and DNS let it reach them.")];
  }
  // A seed hands out addresses, wherever the chain is.
  if ("unknown" in chain || kind === "seed") return [];
  const top = chain.value.height;
  if (isCatchingUp) {
    const remedy = "Wait; docs/rpc-nodes.md says how a new one gets there within minutes.";
    return [warning(about, `catches up: it is at ${height}, the chain at ${top}`, remedy)];
  }
  if (top - height <= inStep) return [];
  const says = `stands at height ${height} while the chain is at ${top}`;
  return [error(about, says, `Look for CONSENSUS FAILURE in kubectl logs ${about}; then delete that pod.`)];
}

/** Whether RPC nodes answer where JSON-RPC leads to them alone, or are to soon. */
export function judgeServers(network: Network, { keyless }: StatusFacts): Verdict[] {
  const all = keyless.filter(({ kind }) => kind === "rpc-node");
  const ready = all.filter(({ pod }) => pod?.isReady && !pod.isGoing).length;
  if (all.length === 0) return [];
  const says = `can lead to ${ready} of ${all.length} RPC nodes, which are ready`;
  if (ready === all.length) return [ok("JSON-RPC", says)];
  if (ready > 0 || validatorsServe(network)) {
    return [warning("JSON-RPC", says, "Wait until all are ready before JSON-RPC leads to them alone.")];
  }
  return [error("JSON-RPC", says, 'Let validators answer meanwhile: jsonRpcServedBy: "both".')];
}
