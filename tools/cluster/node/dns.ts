import { writeFileSync } from "node:fs";
import { kubeconfigFile } from "../control-plane.ts";
import type { Place } from "../location.ts";
import type { Program } from "../supervisor.ts";
import { dial } from "../tunnel.ts";
import { inNode, nodeAddress, nodePath } from "./machine.ts";

// Short, so that a name follows its pods at once.
const seconds = 2;

/** CoreDNS, beside the pods: names of Services and of what is behind them. It knows no others. */
export function dns(place: Place, command: string): Program {
  const file = nodePath(place, "Corefile");
  const settings = `. {
  ready ${nodeAddress}:8181
  errors
  cache ${seconds}
  kubernetes cluster.local {
    kubeconfig ${kubeconfigFile(place, "coredns")}
    ttl ${seconds}
  }
}
`;
  writeFileSync(file, settings);
  return inNode(place, {
    name: "coredns",
    command,
    args: ["-conf", file],
    isReady: async () => {
      (await dial(place.tunnel, `${nodeAddress}:8181`)).destroy();
      return true;
    },
  });
}
