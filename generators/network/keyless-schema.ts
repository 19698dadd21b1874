import * as v from "valibot";
import { exposablePorts } from "./ports.ts";
import { strict } from "./strict-schema.ts";
import { settings, volume } from "./validator-values.ts";
import { bytes, count, dnsName, imageReference, objectName, quantity } from "./values.ts";

const inNamespace = objectName("an object in the network's namespace");

/** Where a new node's volume comes from, in place of an empty one. */
const source = v.union(
  [strict({ snapshot: inNamespace }), strict({ claim: inNamespace })],
  'must be { snapshot: "<name of a VolumeSnapshot>" } or { claim: "<name of a PersistentVolumeClaim>" }',
);

const own = { size: bytes, className: volume.className, accessMode: v.optional(volume.accessMode, "ReadWriteOnce") };
const resources = strict({ cpu: quantity, memory: bytes });

/** The image of the proxy where a network names no other. */
export const proxyImage = "caddy:2.11.9";

/** What stands before each RPC node: another node answers what is asked while this one is down. */
const proxy = v.optional(
  strict({
    image: v.optional(imageReference(proxyImage), proxyImage),
    resources: v.optional(resources, { cpu: "100m", memory: "512Mi" }),
  }),
  {},
);

const ports = exposablePorts.filter((name) => name !== "p2p");

/** Nodes that answer the public in the validators' place. They have no key, and sign nothing. */
export const rpcNodes = strict({
  replicas: count,
  /** How many of them keep every state of the chain: the first ones. Without it, all do as the settings say. */
  archive: v.optional(count),
  resources,
  storage: strict({ ...own, from: v.optional(source) }),
  settings,
  /** The ports, beside JSON-RPC, at which they answer everybody. */
  expose: v.optional(v.array(v.picklist(ports, `must be one of ${ports.join(", ")}`)), []),
  proxy,
});

/** Nodes that tell others whom to dial. They have no key either. */
export const seedNodes = strict({
  /** The name that leads to each of them. There are as many seeds as names. */
  hosts: v.pipe(v.array(dnsName), v.minLength(1, "must name the host of at least one seed")),
  resources,
  storage: strict(own),
  settings,
});

export const servers = ["validators", "both", "rpcNodes"] as const;

/** Whom the public's JSON-RPC leads to. */
export const jsonRpcServedBy = v.optional(
  v.picklist(
    servers,
    'must be "validators", "rpcNodes", or "both" (all validators and the first RPC node) on the way from one to the other',
  ),
  "validators",
);
