import { nodeLabels } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import { listed, type Shape } from "../shape.ts";
import { priorityClassName } from "./priority.ts";

/** What a validator's pod says of where it may run, and before whom. */
export const scheduling = (network: Network) => ({
  priorityClassName: priorityClassName(network),
  ...(network.spread === "required" && { affinity: apart(network) }),
  topologySpreadConstraints: listed("topologyKey", [
    ...(network.spread === "preferred" ? [spread("kubernetes.io/hostname", nodeLabels(network))] : []),
    spread("topology.kubernetes.io/zone", nodeLabels(network)),
  ]),
});

/** Never a condition: a disk leads its pod back to one zone, whatever runs there. Machines being drained don't count. */
export const spread = (topologyKey: string, matchLabels: Record<string, string>) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: "ScheduleAnyway",
  nodeTaintsPolicy: "Honor",
  labelSelector: { matchLabels },
});

/** No two validators on one machine. */
const apart = (network: Network): Shape => ({
  podAntiAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: nodeLabels(network) } },
    ],
  },
});
