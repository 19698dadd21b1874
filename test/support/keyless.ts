import { defineNetwork } from "generators/network/define.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { local, staging } from "./networks.ts";

type Gke = NonNullable<Network["gke"]>;

export const rpcNodes = {
  replicas: 2,
  resources: { cpu: "2", memory: "8Gi" },
  storage: { size: "500Gi", className: "premium-rwo" },
} satisfies NetworkInput["rpcNodes"];

/**
 * Settings of RPC nodes without an index of the EVM's transactions. With one the stand-in for mezod ends only when it is
 * killed, after its whole grace period.
 */
export const withoutIndex = { app: { "json-rpc": { "enable-indexer": false } } };

export const seedNodes = {
  hosts: ["mezo-seed-1.test.mezo.org", "mezo-seed-2.test.mezo.org"],
  resources: { cpu: "500m", memory: "1Gi" },
  storage: { size: "100Gi" },
} satisfies NetworkInput["seedNodes"];

/** Room for more nodes, and the reserved addresses that seeds need. */
export const roomy: Gke = {
  ...(staging.gke as Gke),
  machine: { cpu: "16", memory: "64Gi" },
  nodes: 5,
  seedAddress: "mezo-staging-seed-{index}-external-ip",
};

/** Staging with RPC nodes and seeds, and with any change. */
export const withKeyless = (change: Partial<NetworkInput> = {}): Network =>
  defineNetwork({ ...staging, gke: roomy, rpcNodes, seedNodes, ...change } as NetworkInput);

/** The local network, on any Kubernetes, with RPC nodes. */
export const localWithRpcNodes = (change: Partial<NetworkInput> = {}): Network =>
  defineNetwork({
    ...local,
    rpcNodes: { replicas: 2, resources: { cpu: "100m", memory: "512Mi" }, storage: { size: "1Gi" } },
    ...change,
  } as NetworkInput);

/** Staging whose JSON-RPC RPC nodes alone answer. */
export const served = (change: Partial<NetworkInput> = {}): Network =>
  withKeyless({ jsonRpcServedBy: "rpcNodes", expose: ["p2p"], ...change });

/** Staging with all that RPC nodes and seeds can have, as far as it goes together. */
export const everything = (change: Partial<NetworkInput> = {}): Network =>
  served({
    gke: {
      ...roomy,
      rpcNodeAddress: "mezo-staging-rpc-node-external-ip",
      jsonRpc: { ...roomy.jsonRpc, securityPolicy: "mezo-staging-public", logging: 0.1 },
      jsonRpcWs: { ...roomy.jsonRpcWs, securityPolicy: "", logging: 0 },
    },
    rpcNodes: { ...rpcNodes, expose: ["rpc", "grpc"] },
    clients: [{ namespace: "explorer", ports: ["json-rpc", "grpc"] }],
    stateSync,
    ...change,
  });

/** RPC nodes take their state from peers. */
export const stateSync = {
  rpcNodes: true,
  rpcServers: ["http://mezo-node-0-internal:26657", "http://rpc.example.org:443"],
  trustHeight: 5_000_001,
  trustHash: "AB".repeat(32),
} satisfies NetworkInput["stateSync"];
