import * as v from "valibot";
import { strict, table, text } from "./strict-schema.ts";
import { dnsLabel, port } from "./values.ts";

/** The ports that a node listens on, by their name in every manifest. The defaults are the chain's own. */
export const portNames = [
  "p2p",
  "rpc",
  "api",
  "grpc",
  "json-rpc",
  "json-rpc-ws",
  "metrics",
  "evm-metrics",
] as const satisfies readonly string[];

/** The ports that a validator's Service may offer. Metrics never leave the cluster. */
export const exposablePorts = ["p2p", "rpc", "api", "grpc", "json-rpc", "json-rpc-ws"] as const;

/** The ports that some pods alone may reach. Peers come from everywhere. */
const clientPorts = exposablePorts.filter((name) => name !== "p2p");

export const ports = v.optional(
  strict({
    p2p: v.optional(port, 26656),
    rpc: v.optional(port, 26657),
    api: v.optional(port, 1317),
    grpc: v.optional(port, 9090),
    "json-rpc": v.optional(port, 8545),
    "json-rpc-ws": v.optional(port, 8546),
    metrics: v.optional(port, 26660),
    "evm-metrics": v.optional(port, 6065),
  }),
  {},
);

/** The ports of every validator that are open to everybody. */
export const expose = v.optional(v.array(v.picklist(exposablePorts, `must be one of ${exposablePorts.join(", ")}`)), [
  "p2p",
]);

// Labels as the API server checks them: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/.
const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const labelValue = text(/^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/, "the value of a label");
const labels = v.pipe(
  table(labelValue),
  v.check((all) => Object.keys(all).length > 0, "must hold at least one label"),
  v.check((all) => Object.keys(all).every((key) => labelKey.test(key)), "must have the keys of labels"),
);

/**
 * The pods beside the network that may reach some ports of its validators: all pods of a namespace, the pods there with
 * some labels, or, without a namespace, the pods with these labels in the network's own.
 */
export const clients = v.optional(
  v.array(
    strict({
      namespace: v.optional(dnsLabel),
      podLabels: v.optional(labels),
      ports: v.pipe(
        v.array(v.picklist(clientPorts, `must be one of ${clientPorts.join(", ")}`)),
        v.minLength(1, "must name at least one port"),
      ),
    }),
  ),
  [],
);
