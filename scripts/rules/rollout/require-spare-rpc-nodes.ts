import { keylessName, validatorsServe } from "generators/network/keyless.ts";
import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-spare-rpc-nodes",
  why: "A single RPC node that restarts, or whose machine is drained, leaves JSON-RPC without anybody who answers.",
  fix: 'Set `rpcNodes.replicas` to 2 or more, or let validators answer, too: `jsonRpcServedBy: "both"`.',
  brokenBy: "network",
  *check(manifests, network) {
    if (!network || validatorsServe(network)) return;
    const name = keylessName(network, "rpc-node");
    for (const set of ofKind<{ spec?: { replicas?: number } }>(manifests, "StatefulSet")) {
      const { replicas = 1 } = set.spec ?? {};
      if (set.metadata.name === name && replicas < 2) {
        yield finding(set, "spec.replicas", `must be 2 or more while RPC nodes alone serve JSON-RPC, is ${replicas}`);
      }
    }
  },
} satisfies Rule;
