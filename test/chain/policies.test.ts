import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dns } from "generators/components/network-policies.ts";
import { keylessLabels, ownPorts } from "generators/network/keyless.ts";
import { gateLabels, serviceHost, sidecarLabels } from "generators/network/names.ts";
import { policiesUnenforced } from "tools/cluster/node/network-policies.ts";
import { eventually } from "tools/cluster/wait.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  type Destination,
  type Flow,
  flowsFrom,
  outsideAddress,
  runPods,
  sleepingPod,
  withOutside,
} from "../support/chain/flows.ts";
import { monitored } from "../support/chain/monitoring.ts";
import { networkFile, withField } from "../support/chain/operator.ts";
import { isReady, podUids } from "../support/chain/pods.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { withoutIndex } from "../support/keyless.ts";
import { local } from "../support/networks.ts";
import { notInSample } from "../support/sample.ts";

const { app, namespace, ports } = local;
const elsewhere = "neighbours";
const { namespace: monitoring = "" } = monitored.monitoring ?? {};
const [{ port: dnsPort } = {}] = dns;
const { ethereumPorts, port: sidecarPort } = local.ethereumSidecar;

const collector = { "app.kubernetes.io/name": "prometheus" };
const indexer = { role: "indexer" };

// What the network declares at first.
const small = { resources: { cpu: "50m", memory: "1Gi" }, storage: { size: "1Gi" } };
const declared = {
  monitoring: monitored.monitoring,
  clients: [{ namespace: elsewhere, podLabels: indexer, ports: ["rpc", "grpc"] }],
  rpcNodes: { ...small, replicas: 1, expose: ["grpc"], settings: withoutIndex },
  // It looks its own name up.
  seedNodes: { ...small, hosts: [serviceHost(local, "mezo-seed-1")] },
};

// What it declares later. One of those who have the chain's state is not at the port of the network's own.
const statePort = 9657;
const toldValidator = 1;
const declaredLater = {
  jsonRpcServedBy: "rpcNodes",
  stateSync: {
    validators: [toldValidator],
    rpcNodes: true,
    rpcServers: [`http://mezo-node-0-internal:${ports.rpc}`, `http://state.${elsewhere}:${statePort}`],
    // Nodes with a state trust what they have.
    trustHeight: 1,
    trustHash: "0".repeat(64),
  },
};

const withFields = (fields: object) => (text: string) =>
  Object.entries(fields).reduce((text, [name, value]) => withField(`${name}: ${JSON.stringify(value)},`)(text), text);

// Who sends, beside the network's own pods.
const senders: Record<string, [namespace: string, labels: Record<string, string>]> = {
  "a pod with the network's label alone": [namespace, { app }],
  "a gate": [namespace, gateLabels(local)],
  "another RPC node": [namespace, keylessLabels(local, "rpc-node")],
  "another seed": [namespace, keylessLabels(local, "seed")],
  "another pod of the namespace": [namespace, { role: "stranger" }],
  "a pod of another namespace": [elsewhere, { role: "stranger" }],
  "a client that the network names": [elsewhere, indexer],
  "the client's label in another namespace": [monitoring, indexer],
  "the collector of metrics": [monitoring, collector],
  "the collector's label in another namespace": [elsewhere, collector],
  "another pod beside the collector": [monitoring, { role: "stranger" }],
};
const podName = (sender: string) => sender.toLowerCase().replaceAll(/[^a-z]+/g, "-");

// The network's own pods, each by its name.
const ownPods: Record<string, string> = {
  "a validator": "mezo-node-3-0",
  "a validator that is told where the chain's state is": `mezo-node-${toldValidator}-0`,
  "an RPC node": "mezo-rpc-node-0",
  "a seed": "mezo-seed-1",
};

type Target =
  | "a validator"
  | "an RPC node"
  | "a seed"
  | "the ethereum-sidecar"
  | "a pod of another namespace"
  | "a machine outside";
const anywhere = [
  ports.p2p,
  ports.rpc,
  ports.api,
  ports.grpc,
  ports["json-rpc"],
  ports["json-rpc-ws"],
  ports.metrics,
  ports["evm-metrics"],
];
const ownJsonRpc = ownPorts(local).map(({ port }) => port);
type Wanted = [target: Target, port: number, flow: Flow];
/** At each port that a node has: those pass, and no other. */
const toNode = (target: Target, open: number[], ports = anywhere): Wanted[] =>
  ports.map((port) => [target, port, open.includes(port) ? "passes" : "dropped"]);
const toValidator = (...open: number[]) => toNode("a validator", open);
// Its proxy, and the node itself behind that.
const toRpcNode = (...open: number[]) => toNode("an RPC node", open, [...anywhere, ...ownJsonRpc]);
const toSeed = (...open: number[]) => toNode("a seed", open);
const { p2p, rpc, grpc, metrics } = ports;
const evmMetrics = ports["evm-metrics"];
// Without a load balancer every pod may ask JSON-RPC, if its own policies let it.
const jsonRpc = [ports["json-rpc"], ports["json-rpc-ws"]];
const toSidecar = (expected: Flow): Wanted => ["the ethereum-sidecar", sidecarPort, expected];
/** To whatever may be elsewhere, in the cluster and outside of it. */
const toElsewhere = (port: number, expected: Flow): Wanted[] => [
  ["a pod of another namespace", port, expected],
  ["a machine outside", port, expected],
];
const toDns = toElsewhere(dnsPort as number, "passes");
const notToDns = toElsewhere(dnsPort as number, "dropped");

// How many senders try their flows at a time: a connection must not be late because the machine is busy.
const atATime = 3;

type Flows = Record<string, Wanted[]>;

// While JSON-RPC leads to validators, and nobody is told where the chain's state is.
const flows: Flows = {
  "a validator": [
    ...toValidator(p2p, rpc),
    ...toRpcNode(p2p),
    ...toSeed(p2p),
    toSidecar("passes"),
    ...toElsewhere(p2p, "passes"),
    ...toElsewhere(rpc, "dropped"),
    ...toElsewhere(statePort, "dropped"),
    ...toElsewhere(443, "dropped"),
    ...toDns,
  ],
  "an RPC node": [
    ...toValidator(p2p, rpc),
    // Of other RPC nodes it asks for the chain's state, and they are no peers.
    ...toSeed(),
    toSidecar("dropped"),
    ...toElsewhere(p2p, "dropped"),
    ...toElsewhere(rpc, "dropped"),
    ...toElsewhere(statePort, "dropped"),
    ...toElsewhere(443, "dropped"),
    ...toDns,
  ],
  "another RPC node": toRpcNode(rpc, ...ownJsonRpc),
  "a seed": [
    ...toValidator(p2p),
    ...toRpcNode(),
    toSidecar("dropped"),
    ...toElsewhere(p2p, "passes"),
    ...toElsewhere(rpc, "dropped"),
    ...toElsewhere(statePort, "dropped"),
    ...toElsewhere(443, "dropped"),
    ...toDns,
  ],
  "another seed": toSeed(p2p),
  "the ethereum-sidecar": [
    // To whatever listens at an Ethereum node's ports, the chain's own JSON-RPC included.
    ...toValidator(...jsonRpc.filter((port) => ethereumPorts.includes(port))),
    ...toRpcNode(...jsonRpc.filter((port) => ethereumPorts.includes(port))),
    ...toSeed(),
    ...ethereumPorts.flatMap((port) => toElsewhere(port, "passes")),
    ...toElsewhere(9999, "dropped"),
    ...toDns,
  ],
  "a pod with the network's label alone": [
    ...toValidator(),
    ...toRpcNode(),
    ...toSeed(),
    toSidecar("dropped"),
    ...notToDns,
  ],
  "a gate": [
    ...toValidator(rpc),
    ...toRpcNode(),
    ...toSeed(),
    toSidecar("dropped"),
    ...toElsewhere(443, "dropped"),
    ...toDns,
  ],
  "another pod of the namespace": [
    ...toValidator(p2p, ...jsonRpc),
    ...toRpcNode(grpc, ...jsonRpc),
    ...toSeed(p2p),
    toSidecar("dropped"),
  ],
  "a pod of another namespace": [
    ...toValidator(p2p, ...jsonRpc),
    ...toRpcNode(grpc, ...jsonRpc),
    ...toSeed(p2p),
    toSidecar("dropped"),
  ],
  "a client that the network names": [
    ...toValidator(p2p, rpc, grpc, ...jsonRpc),
    ...toRpcNode(rpc, grpc, ...jsonRpc),
    ...toSeed(p2p),
    toSidecar("dropped"),
  ],
  "the client's label in another namespace": [
    ...toValidator(p2p, ...jsonRpc),
    ...toRpcNode(grpc, ...jsonRpc),
    ...toSeed(p2p),
  ],
  "the collector of metrics": [
    ...toValidator(p2p, metrics, evmMetrics, ...jsonRpc),
    ...toRpcNode(grpc, metrics, evmMetrics, ...jsonRpc),
    ...toSeed(p2p, metrics),
    toSidecar("dropped"),
  ],
  "the collector's label in another namespace": [
    ...toValidator(p2p, ...jsonRpc),
    ...toRpcNode(grpc, ...jsonRpc),
    ...toSeed(p2p),
  ],
  "another pod beside the collector": [...toValidator(p2p, ...jsonRpc), ...toRpcNode(grpc, ...jsonRpc), ...toSeed(p2p)],
  "a machine outside": [...toValidator(p2p), ...toRpcNode(grpc), ...toSeed(p2p), toSidecar("dropped")],
};

// Once it leads to RPC nodes, and they and one of the validators are told where the chain's state is: what differs, and
// what still passes or does not beside it.
const laterFlows: Flows = {
  "a validator": [
    ...toValidator(p2p, rpc),
    ...toRpcNode(p2p),
    ...toElsewhere(p2p, "passes"),
    ...toElsewhere(rpc, "dropped"),
    ...toElsewhere(statePort, "dropped"),
  ],
  "a validator that is told where the chain's state is": [
    ...toValidator(p2p, rpc),
    // Out to the servers' ports, which RPC nodes open to each other alone.
    ...toRpcNode(p2p),
    ...toSeed(p2p),
    toSidecar("passes"),
    ...toElsewhere(p2p, "passes"),
    ...toElsewhere(rpc, "passes"),
    ...toElsewhere(statePort, "passes"),
    ...toElsewhere(443, "dropped"),
  ],
  "an RPC node": [
    ...toValidator(p2p, rpc),
    ...toSeed(),
    ...toElsewhere(p2p, "dropped"),
    ...toElsewhere(rpc, "passes"),
    ...toElsewhere(statePort, "passes"),
    ...toElsewhere(443, "dropped"),
  ],
  "another RPC node": toRpcNode(rpc, ...ownJsonRpc),
  "a seed": [...toValidator(p2p), ...toRpcNode(), ...toElsewhere(rpc, "dropped"), ...toElsewhere(statePort, "dropped")],
  "the ethereum-sidecar": [...toValidator(), ...toRpcNode(...jsonRpc.filter((port) => ethereumPorts.includes(port)))],
  "a gate": [...toValidator(rpc), ...toRpcNode()],
  "another pod of the namespace": [...toValidator(p2p), ...toRpcNode(grpc, ...jsonRpc)],
  "a pod of another namespace": [...toValidator(p2p), ...toRpcNode(grpc, ...jsonRpc)],
  "a client that the network names": [...toValidator(p2p), ...toRpcNode(rpc, grpc, ...jsonRpc)],
  "the collector of metrics": [
    ...toValidator(p2p, metrics, evmMetrics),
    ...toRpcNode(grpc, metrics, evmMetrics, ...jsonRpc),
  ],
  "a machine outside": [...toValidator(p2p), ...toRpcNode(grpc)],
};

describeRunningNetwork(
  "the policies, which the node enforces,",
  (network) => {
    let declaration: string;
    const podOf = (of: string, name: string) =>
      network().kube.get({ apiVersion: "v1", kind: "Pod", name, namespace: of });

    beforeAll(async () => {
      const { kube, operator } = network();
      declaration = readFileSync(join(operator.clone, networkFile), "utf8");
      const before = await podUids(kube);
      operator.edit(networkFile, withFields(declared));
      await operator.app.synced(await operator.push("Neighbours that may ask, RPC nodes and a seed"), 200);
      // Who may reach a validator restarts none.
      expect(await podUids(kube)).toEqual(before);
      for (const name of [elsewhere, monitoring]) {
        await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
      }
      await runPods(
        network(),
        Object.entries(senders).map(([sender, [of, labels]]) => sleepingPod(of, podName(sender), labels)),
      );
      for (const name of Object.values(ownPods)) {
        await eventually(async () => isReady(await podOf(namespace, name)), 120, `pod ${name}`);
      }
    });

    afterAll(async () => {
      const { kube, operator } = network();
      for (const [sender, [of]] of Object.entries(senders)) {
        await kube.delete({ apiVersion: "v1", kind: "Pod", name: podName(sender), namespace: of });
      }
      for (const name of [elsewhere, monitoring]) await kube.delete({ apiVersion: "v1", kind: "Namespace", name });
      operator.edit(networkFile, () => declaration);
      await operator.app.synced(await operator.push("No neighbours"), 280);
      for (const name of ["mezo-rpc-node-data-mezo-rpc-node-0", "mezo-seed-data-mezo-seed-1"]) {
        await kube.delete({ apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace });
      }
    });

    /** What each flow of a table comes to, and what it should, a line each. */
    async function tried(table: Flows): Promise<{ seen: string[]; expected: string[] }> {
      const [sidecar] = await network().kube.list("v1", "Pod", namespace, `type=${sidecarLabels(local).type}`);
      const own = async (sender: string) => podOf(namespace, ownPods[sender] ?? "");
      const made = async (sender: string) => podOf(senders[sender]?.[0] ?? "", podName(sender));
      const addresses: Record<Target, string> = {
        "a validator": (await podOf(namespace, "mezo-node-2-0")).status.podIP,
        "an RPC node": (await own("an RPC node")).status.podIP,
        "a seed": (await own("a seed")).status.podIP,
        "the ethereum-sidecar": sidecar?.status.podIP,
        "a pod of another namespace": (await made("a pod of another namespace")).status.podIP,
        "a machine outside": outsideAddress,
      };
      const uids: Record<string, string> = {
        "the ethereum-sidecar": sidecar?.metadata.uid,
        "a machine outside": "outside",
      };
      for (const sender of Object.keys(ownPods)) uids[sender] = (await own(sender)).metadata.uid;
      for (const sender of Object.keys(senders)) uids[sender] = (await made(sender)).metadata.uid;
      const seen: string[] = [];
      const expected: string[] = [];
      await withOutside(network(), async () => {
        const each = async ([sender, targets]: [string, Wanted[]]) => {
          const destinations = targets.map(([target, port]): Destination => [addresses[target], port]);
          const found = await flowsFrom(network(), uids[sender] ?? "", destinations);
          for (const [place, [target, port, wanted]] of targets.entries()) {
            const line = `${sender} to ${target} at ${port}`;
            expected.push(`${line}: ${wanted}`);
            seen.push(`${line}: ${found[place]}`);
          }
        };
        const senders = Object.entries(table);
        while (senders.length > 0) await Promise.all(senders.splice(0, atATime).map(each));
      });
      return { seen: seen.sort(), expected: expected.sort() };
    }

    test("let every flow through that must pass, and no other", async () => {
      const { seen, expected } = await tried(flows);
      expect(seen).toEqual(expected);
      expect(expected.length).toBeGreaterThan(300);
    });

    test("do so once RPC nodes answer the public, and where nodes take the chain's state from others", async () => {
      const { operator } = network();
      operator.edit(networkFile, withFields(declaredLater));
      await operator.app.synced(await operator.push("RPC nodes answer, and state comes from others"), 300);
      const { seen, expected } = await tried(laterFlows);
      expect(seen).toEqual(expected);
      expect(expected.length).toBeGreaterThan(150);
    });
  },
  policiesUnenforced() ?? notInSample(7),
);
