import { jsonRpcService, serversIn } from "../../objects/json-rpc.ts";
import { hasRun } from "../../objects/placements.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-abrupt-json-rpc-moves",
  why: "A load balancer that loses all nodes that it knows, and gets others that it has not found healthy yet, answers 502 until it has.",
  fix: 'Push `jsonRpcServedBy: "both"` first, and the other one once `pnpm status` shows all RPC nodes ready.',
  brokenBy: "network",
  *check(manifests, network, before = []) {
    const service = network && jsonRpcService(manifests, network);
    if (!service) return;
    const now = serversIn(manifests, network);
    for (const { commit, placement, manifests: then = [] } of before) {
      const was = serversIn(then, network);
      // Nobody asks a network that never ran.
      if (was === undefined || !placement || !hasRun(placement)) continue;
      if (was === now || was === "both" || now === "both") continue;
      const names = { validators: "validators", rpcNodes: "RPC nodes" };
      const message = `leads to ${names[now ?? "validators"]}, and at commit ${commit} it led to ${names[was]} alone`;
      yield finding(service, "spec.selector", message);
      return;
    }
  },
} satisfies Rule;
