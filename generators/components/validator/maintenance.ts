import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import { imageName, nodeHome } from "../../network/names.ts";
import type { Network } from "../../network/schema.ts";
import { type Patch, removed } from "../kustomization.ts";

/**
 * What the container of a validator in maintenance does: nothing, until the pod ends. A shell waits for a line that nobody
 * writes; it does so in the background, because a shell hears no signal while it reads. Where there is no such file, it
 * runs a program again and again.
 */
export const sleep = `trap 'exit 0' TERM INT
echo "In maintenance: no node runs. Its home is ${nodeHome}."
while :; do
  (read -r nothing </dev/ptmx) &
  wait "$!" || mezod version >/dev/null 2>&1
done
`;

/**
 * overlays/<network>/maintenance.yaml: the patch for validators whose pods sleep. Nothing is probed, so the pod counts as
 * ready and holds no rollout; and no Service leads to it, because a Service's port leads to a container's port of that name,
 * and there is none. Preflight would look at what a person is about to mend.
 */
export const maintenancePatch = (network: Network): Patch<StatefulSet> => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: { name: "all" },
  spec: {
    template: {
      spec: {
        initContainers: removed,
        containers: [
          {
            name: imageName(network),
            command: ["/bin/sh", "-c", sleep],
            args: removed,
            lifecycle: removed,
            ports: removed,
            startupProbe: removed,
            livenessProbe: removed,
            readinessProbe: removed,
          },
        ],
      },
    },
  },
});
