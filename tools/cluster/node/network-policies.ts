import { execFileSync } from "node:child_process";
import type { ClusterLocation } from "../location.ts";
import { kubeconfigFile } from "../parts/credentials.ts";
import type { Program } from "../process/program.ts";
import { nodeName } from "./addresses.ts";
import { inNode, runInNode } from "./namespaces.ts";

const queue = "100";

// The first packet of each connection between pods, or from one to elsewhere. While nobody takes packets out of the queue,
// none gets through. What the node itself sends to its pods, as kubelet's probes, is not forwarded, and so passes.
const rules = [
  ["--match", "conntrack", "--ctstate", "ESTABLISHED,RELATED", "--jump", "RETURN"],
  ["--match", "conntrack", "--ctstate", "NEW", "--jump", "NFQUEUE", "--queue-num", queue],
].map((rule) => ["iptables", "--table", "mangle", "--append", "FORWARD", ...rule]);

/** Why this machine's kernel can't enforce NetworkPolicies; undefined where it can. */
export function policiesUnenforced(): string | undefined {
  try {
    for (const [command = "", ...args] of rules) {
      execFileSync("unshare", ["--net", command, ...args], { stdio: ["ignore", "ignore", "pipe"] });
    }
    return undefined;
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: Buffer };
    return String(stderr ?? message).trim();
  }
}

/** Makes the node hand each new connection of a pod to who enforces policies. */
export async function applyPolicyRules(location: ClusterLocation): Promise<void> {
  for (const [command = "", ...args] of rules) await runInNode(location, command, ...args);
}

/** What enforces NetworkPolicies: kube-network-policies, outside of pods. */
export const networkPolicies = (location: ClusterLocation, command: string): Program =>
  inNode(location, {
    name: "network-policies",
    command,
    args: ["-kubeconfig", kubeconfigFile(location, "network-policies"), "-node", nodeName, "-queue", queue],
    // Its work shows when the first pod is reached.
    isReady: () => true,
  });
