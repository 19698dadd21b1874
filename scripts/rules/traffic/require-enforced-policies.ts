import { networkFile } from "generators/network/paths.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "require-enforced-policies",
  why: "NetworkPolicies are all that keeps other pods of the cluster from a validator's ports, and a pod that was broken into from everybody else.",
  fix: "Switch on network policy enforcement (GKE then makes its machines anew), or move to a cluster with Dataplane V2; then set `gke.networkPolicies`, as docs/security.md says.",
  brokenBy: "network",
  *check(_manifests, network) {
    if (network?.gke?.networkPolicies !== "ignored") return;
    const { name, gke } = network;
    const message = `cluster ${gke.cluster} enforces no NetworkPolicy: every pod in it reaches every port of the validators, those that \`expose\` leaves out too`;
    yield { severity: "warning", object: networkFile(name), field: "gke.networkPolicies", message };
  },
} satisfies Rule;
