import { writeFileSync } from "node:fs";
import { type ClusterLocation, nodePath } from "../location.ts";
import { kubeconfigFile } from "../parts/credentials.ts";
import { dial } from "../parts/tunnel.ts";
import type { Program } from "../process/program.ts";
import { nodeAddress } from "./addresses.ts";
import { inNode } from "./namespaces.ts";

// Short, so that a name follows its pods at once.
const ttlSeconds = 2;

/** CoreDNS, outside of pods. It knows the names of Services and of the pods behind them, and no others. */
export function coredns(location: ClusterLocation, command: string): Program {
  const file = nodePath(location, "Corefile");
  const settings = `. {
  ready ${nodeAddress}:8181
  errors
  cache ${ttlSeconds}
  kubernetes cluster.local {
    kubeconfig ${kubeconfigFile(location, "coredns")}
    ttl ${ttlSeconds}
  }
}
`;
  writeFileSync(file, settings);
  return inNode(location, {
    name: "coredns",
    command,
    args: ["-conf", file],
    isReady: async () => {
      (await dial(location.tunnel, `${nodeAddress}:8181`)).destroy();
      return true;
    },
  });
}
