import type { Network } from "generators/network/schema.ts";
import { type Fact, factOf, type KubeObject } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { Subject } from "./subject.ts";

// The DaemonSets of what enforces NetworkPolicies: GKE's Dataplane V2, Calico, Cilium.
const enforcers: Record<string, string> = {
  anetd: "Dataplane V2",
  "calico-node": "Calico",
  cilium: "Cilium",
};

/** What enforces NetworkPolicies in the cluster; undefined where nothing that is known runs. */
export const collectEnforcer = ({ api }: Subject): Promise<Fact<string | undefined>> =>
  factOf(
    api
      .request("/apis/apps/v1/namespaces/kube-system/daemonsets")
      .then(({ items }) => items.map(({ metadata }: KubeObject) => enforcers[metadata.name]).find(Boolean)),
  );

/** Whether policies do in the cluster what the network says that they do. */
export function judgeEnforcer({ gke }: Pick<Network, "gke">, fact: Fact<string | undefined>): Verdict[] {
  const about = "policies";
  const tryIt = "Try it with --pods.";
  if ("unknown" in fact) return [warning(about, `may be enforced or not (${fact.unknown})`, tryIt)];
  if (fact.value) {
    if (gke?.networkPolicies !== "ignored") return [ok(about, `are enforced by ${fact.value}`)];
    const says = `are enforced by ${fact.value}, and the network says that they are ignored`;
    return [warning(about, says, 'Set gke.networkPolicies to "enforced".')];
  }
  const says = "are enforced by nothing that is known (no DaemonSet of Dataplane V2, Calico or Cilium)";
  if (gke?.networkPolicies === "enforced") {
    return [
      error(about, `${says}, and the network counts on them`, "Switch on Dataplane V2 or network policy enforcement."),
    ];
  }
  return [warning(about, says, tryIt)];
}
