import { keylessPods, keylessSets, validatorsServe } from "generators/network/keyless.ts";
import { OperatorError } from "generators/operator-error.ts";
import { expect, test } from "vitest";
import {
  everything,
  localWithRpcNodes,
  roomy,
  rpcNodes,
  seedNodes,
  served,
  stateSync,
  withKeyless,
} from "../../support/keyless.ts";

// biome-ignore lint/suspicious/noExplicitAny: these networks are wrong on purpose.
type Wrong = any;

const { seedAddress: _, ...withoutSeedAddress } = roomy;
const settings = (of: object) => ({ rpcNodes: { ...rpcNodes, settings: of } });

const faults: [fault: string, change: Wrong, message: string][] = [
  ["nobody who answers", { jsonRpcServedBy: "rpcNodes", rpcNodes: undefined, expose: ["p2p"] }, "jsonRpcServedBy"],
  ["a server of another name", { jsonRpcServedBy: "nodes" }, 'jsonRpcServedBy: "nodes" must be "validators"'],
  [
    "validators that stay open to the public",
    { jsonRpcServedBy: "rpcNodes" },
    'expose[1]: "rpc" must not be open on validators once RPC nodes serve JSON-RPC',
  ],
  ["no replica", { rpcNodes: { ...rpcNodes, replicas: 0 } }, "rpcNodes.replicas: 0 must be 1 or more"],
  ["a key of its own", { rpcNodes: { ...rpcNodes, key: "x" } }, 'rpcNodes.key: "x" unknown key'],
  ["p2p for everybody", { rpcNodes: { ...rpcNodes, expose: ["p2p"] } }, 'rpcNodes.expose[0]: "p2p" must be one of rpc'],
  [
    "a port twice",
    { rpcNodes: { ...rpcNodes, expose: ["rpc", "rpc"] }, gke: { ...roomy, rpcNodeAddress: "a" } },
    'rpcNodes.expose[1]: "rpc" is listed twice',
  ],
  ["ports without an address", { rpcNodes: { ...rpcNodes, expose: ["rpc"] } }, "gke.rpcNodeAddress: is missing"],
  ["an address without ports", { gke: { ...roomy, rpcNodeAddress: "a" } }, 'gke.rpcNodeAddress: "a" must be left out'],
  [
    "REST that is off",
    { rpcNodes: { ...rpcNodes, expose: ["api"] }, gke: { ...roomy, rpcNodeAddress: "a" } },
    "rpcNodes.settings.app.api.enable: false must be true: api is in `rpcNodes.expose`",
  ],
  [
    "no port left behind a proxy",
    { ports: { "json-rpc": 60_000 } },
    'ports["json-rpc"]: 60000 must be at most 55535: RPC nodes answer at 70000 behind their proxies',
  ],
  [
    "a port behind a proxy that is another's",
    { ports: { "json-rpc-ws": 16_657, rpc: 26_657 } },
    'ports["json-rpc-ws"]: 16657 must be another one: RPC nodes answer at 26657 behind their proxies, which is ports.rpc',
  ],
  [
    "a proxy of no release",
    { rpcNodes: { ...rpcNodes, proxy: { image: "caddy:latest" } } },
    'rpcNodes.proxy.image: "caddy:latest" must be an image by a release of three numbers or a digest',
  ],
  [
    "an address of JSON-RPC of its own",
    settings({ app: { "json-rpc": { address: "127.0.0.1:1" } } }),
    'rpcNodes.settings.app["json-rpc"].address',
  ],
  ["more archives than nodes", { rpcNodes: { ...rpcNodes, archive: 3 } }, "rpcNodes.archive: 3 must be at most 2"],
  ["archives from peers", { rpcNodes: { ...rpcNodes, archive: 1 }, stateSync }, "rpcNodes.archive: 1 must be left out"],
  [
    "others that do not prune",
    { rpcNodes: { ...rpcNodes, archive: 1, settings: { app: { pruning: "nothing" } } } },
    'rpcNodes.settings.app.pruning: "nothing" must prune',
  ],
  [
    "archives alone, and how they prune",
    { rpcNodes: { ...rpcNodes, archive: 2, settings: { app: { pruning: "default" } } } },
    'rpcNodes.settings.app.pruning: "default" must be left out',
  ],
  [
    "a state from two places",
    { rpcNodes: { ...rpcNodes, storage: { ...rpcNodes.storage, from: { snapshot: "s" } } }, stateSync },
    'rpcNodes.storage.from: {"snapshot":"s"} must be left out with stateSync.rpcNodes',
  ],
  [
    "a copy of nothing",
    { rpcNodes: { ...rpcNodes, storage: { ...rpcNodes.storage, from: {} } } },
    "rpcNodes.storage.from",
  ],
  [
    "a volume of validators from a snapshot",
    { storage: { size: "1Gi", accessMode: "ReadWriteOnce", from: { snapshot: "s" } } },
    'storage.from: {"snapshot":"s"} unknown key',
  ],
  [
    "state sync of nobody",
    { stateSync: { ...stateSync, rpcNodes: false } },
    "stateSync.validators: [] must name at least one",
  ],
  ["state sync without RPC nodes", { rpcNodes: undefined, stateSync }, "stateSync.rpcNodes: true must be left out"],
  [
    "JSON-RPC off",
    settings({ app: { "json-rpc": { enable: false } } }),
    "must stay true: an RPC node is there to answer",
  ],
  [
    "other peers",
    settings({ config: { p2p: { pex: true } } }),
    "rpcNodes.settings.config.p2p.pex: true must stay false",
  ],
  ["an unknown key", settings({ app: { "json-rpc": { caps: 1 } } }), "unknown setting"],
  [
    "a value that the node does not read",
    settings({ app: { "json-rpc": { "gas-cap": -1 } } }),
    'rpcNodes.settings.app["json-rpc"]["gas-cap"]: -1 must be',
  ],
  [
    "a key of a later release",
    settings({ app: { "json-rpc": { "logs-filter-addr-cap": 5 } } }),
    "is a setting since v4.0.1",
  ],
  [
    "a pair that does not go together",
    settings({ app: { pruning: "everything" } }),
    'must not be "everything" while state-sync.snapshot-interval is above 0',
  ],
  [
    "a seed's host twice",
    { seedNodes: { ...seedNodes, hosts: ["a.example.org", "a.example.org"] } },
    "is listed twice",
  ],
  ["no seed", { seedNodes: { ...seedNodes, hosts: [] } }, "seedNodes.hosts: [] must name the host"],
  [
    "a validator's host",
    { seedNodes: { ...seedNodes, hosts: ["mezo-node-0.test.mezo.org"] } },
    "is validators[0].host: a seed is another node",
  ],
  ["seeds without addresses", { gke: withoutSeedAddress }, "gke.seedAddress: is missing"],
  [
    "addresses without seeds",
    { seedNodes: undefined },
    'gke.seedAddress: "mezo-staging-seed-{index}-external-ip" must be left out',
  ],
  [
    "an address for all seeds",
    { gke: { ...roomy, seedAddress: "seed" } },
    'gke.seedAddress: "seed" must be the name of a seed\'s',
  ],
  [
    "a seed that answers",
    { seedNodes: { ...seedNodes, settings: { app: { "json-rpc": { enable: true } } } } },
    "must stay false: a seed tells others whom to dial",
  ],
  [
    "fewer machines than nodes that share none",
    { spread: "required", rpcNodes: { ...rpcNodes, replicas: 6 } },
    "rpcNodes.replicas: 6 must be at most 5, which is gke.nodes",
  ],
  [
    "machines that are too small for both",
    { gke: { ...roomy, machine: "n2-standard-8" }, rpcNodes: { ...rpcNodes, resources: { cpu: "2", memory: "12Gi" } } },
    "for pods, and carries a validator, the sidecar, 2 nodes without keys, a gate, and gke.reserved",
  ],
  [
    "a policy that is no name",
    { gke: { ...roomy, jsonRpc: { ...roomy.jsonRpc, securityPolicy: "A b" } } },
    'gke.jsonRpc.securityPolicy: "A b" must be the name of a Google Cloud resource',
  ],
  [
    "more than all requests",
    { gke: { ...roomy, jsonRpc: { ...roomy.jsonRpc, logging: 2 } } },
    "must be the share of requests",
  ],
];

test.each(faults)("%s is refused", (_, change, message) => {
  expect(() => withKeyless(change)).toThrow(OperatorError);
  expect(() => withKeyless(change)).toThrow(message);
});

test("networks with all of it, on GKE and elsewhere, are sound", () => {
  expect(validatorsServe(withKeyless())).toBe(true);
  expect(validatorsServe(withKeyless({ jsonRpcServedBy: "both" }))).toBe(true);
  expect(validatorsServe(served())).toBe(false);
  expect(everything().rpcNodes?.expose).toEqual(["rpc", "grpc"]);
  expect(localWithRpcNodes({ jsonRpcServedBy: "rpcNodes" }).rpcNodes?.storage.accessMode).toBe("ReadWriteOnce");
});

test("validators may switch JSON-RPC off once RPC nodes alone serve it, and RPC nodes keep it", () => {
  const off = { settings: { app: { "json-rpc": { enable: false } } } };
  expect(() => withKeyless({ jsonRpcServedBy: "both", ...off })).toThrow(
    "the Service mezo-rpc and its Ingresses lead there",
  );
  expect(() => served(off)).not.toThrow();
});

test("seeds count from 1, so that none of them is the number 0 that JSON-RPC finds", () => {
  const [rpc, seed] = keylessSets(withKeyless()).map((set) => keylessPods({ app: "mezo" }, set));
  expect(rpc).toEqual(["mezo-rpc-node-0", "mezo-rpc-node-1"]);
  expect(seed).toEqual(["mezo-seed-1", "mezo-seed-2"]);
});
