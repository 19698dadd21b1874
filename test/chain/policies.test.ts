import { dns } from "generators/components/network-policies.ts";
import { gateLabels, sidecarLabels } from "generators/network/names.ts";
import { policiesUnenforced } from "tools/cluster/node/network-policies.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Flow, flow, runPods, sleepingPod, withOutside } from "../support/chain/flows.ts";
import { monitored, monitoringField } from "../support/chain/monitoring.ts";
import { networkFile, withField } from "../support/chain/operator.ts";
import { podUids } from "../support/chain/pods.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { local } from "../support/networks.ts";

const { app, namespace, ports } = local;
const elsewhere = "neighbours";
const { namespace: monitoring = "" } = monitored.monitoring ?? {};
const [{ port: dnsPort } = {}] = dns;
const { ethereumPorts, port: sidecarPort } = local.ethereumSidecar;

const collector = { "app.kubernetes.io/name": "prometheus" };
const indexer = { role: "indexer" };

// Who sends, beside the network's own pods.
const senders: Record<string, [namespace: string, labels: Record<string, string>]> = {
  "a pod with the network's label alone": [namespace, { app }],
  "a gate": [namespace, gateLabels(local)],
  "another pod of the namespace": [namespace, { role: "stranger" }],
  "a pod of another namespace": [elsewhere, { role: "stranger" }],
  "a client that the network names": [elsewhere, indexer],
  "the client's label in another namespace": [monitoring, indexer],
  "the collector of metrics": [monitoring, collector],
  "the collector's label in another namespace": [elsewhere, collector],
  "another pod beside the collector": [monitoring, { role: "stranger" }],
};
const podName = (sender: string) => sender.toLowerCase().replaceAll(/[^a-z]+/g, "-");

type Target = "a validator" | "the ethereum-sidecar" | "a pod of another namespace";
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
type Wanted = [target: Target, port: number, flow: Flow];
const toValidator = (...open: number[]): Wanted[] =>
  anywhere.map((port) => ["a validator", port, open.includes(port) ? "passes" : "dropped"]);
const [p2p, rpc, grpc] = [ports.p2p, ports.rpc, ports.grpc];
// Without a load balancer every pod may ask JSON-RPC, if its own policies let it.
const jsonRpc = [ports["json-rpc"], ports["json-rpc-ws"]];
const toSidecar = (expected: Flow): Wanted => ["the ethereum-sidecar", sidecarPort, expected];
const toElsewhere = (port: number, expected: Flow): Wanted => ["a pod of another namespace", port, expected];

const flows: Record<string, Wanted[]> = {
  "a validator": [
    ...toValidator(p2p, rpc),
    toSidecar("passes"),
    toElsewhere(p2p, "passes"),
    toElsewhere(dnsPort as number, "passes"),
    toElsewhere(443, "dropped"),
  ],
  "the ethereum-sidecar": [
    // To whatever listens at an Ethereum node's ports, the chain's own JSON-RPC included.
    ...toValidator(...jsonRpc.filter((port) => ethereumPorts.includes(port))),
    ...ethereumPorts.map((port) => toElsewhere(port, "passes")),
    toElsewhere(dnsPort as number, "passes"),
    toElsewhere(9999, "dropped"),
  ],
  "a pod with the network's label alone": [
    ...toValidator(),
    toSidecar("dropped"),
    toElsewhere(dnsPort as number, "dropped"),
  ],
  "a gate": [
    ...toValidator(rpc),
    toSidecar("dropped"),
    toElsewhere(dnsPort as number, "passes"),
    toElsewhere(443, "dropped"),
  ],
  "another pod of the namespace": [...toValidator(p2p, ...jsonRpc), toSidecar("dropped")],
  "a pod of another namespace": [...toValidator(p2p, ...jsonRpc), toSidecar("dropped")],
  "a client that the network names": [...toValidator(p2p, rpc, grpc, ...jsonRpc), toSidecar("dropped")],
  "the client's label in another namespace": toValidator(p2p, ...jsonRpc),
  "the collector of metrics": [
    ...toValidator(p2p, ports.metrics, ports["evm-metrics"], ...jsonRpc),
    toSidecar("dropped"),
  ],
  "the collector's label in another namespace": toValidator(p2p, ...jsonRpc),
  "another pod beside the collector": toValidator(p2p, ...jsonRpc),
  "a machine outside": [...toValidator(p2p), toSidecar("dropped")],
};

describeRunningNetwork(
  "the policies, which the node enforces,",
  (network) => {
    beforeAll(async () => {
      const { kube, operator } = network();
      const before = await podUids(kube);
      const client = { namespace: elsewhere, podLabels: indexer, ports: ["rpc", "grpc"] };
      operator.edit(networkFile, withField(monitoringField));
      operator.edit(networkFile, withField(`clients: ${JSON.stringify([client])},`));
      await operator.app.synced(await operator.push("Neighbours that may ask"), 200);
      // Who may reach a validator restarts none.
      expect(await podUids(kube)).toEqual(before);
      for (const name of [elsewhere, monitoring]) {
        await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
      }
      await runPods(
        network(),
        Object.entries(senders).map(([sender, [of, labels]]) => sleepingPod(of, podName(sender), labels)),
      );
    });

    afterAll(async () => {
      const { kube, operator } = network();
      for (const [sender, [of]] of Object.entries(senders)) {
        await kube.delete({ apiVersion: "v1", kind: "Pod", name: podName(sender), namespace: of });
      }
      for (const name of [elsewhere, monitoring]) await kube.delete({ apiVersion: "v1", kind: "Namespace", name });
      operator.edit(networkFile, (text) => text.replace(/ {2}(monitoring|clients): .*\n/g, ""));
      await operator.app.synced(await operator.push("No neighbours"), 200);
    });

    test("let every flow through that must pass, and no other", async () => {
      const { kube } = network();
      const podOf = async (of: string, name: string) =>
        kube.get({ apiVersion: "v1", kind: "Pod", name, namespace: of });
      const [sidecar] = await kube.list("v1", "Pod", namespace, `type=${sidecarLabels(local).type}`);
      const validator = await podOf(namespace, "mezo-node-1-0");
      const other = await podOf(elsewhere, podName("a pod of another namespace"));
      const addresses: Record<Target, string> = {
        "a validator": (await podOf(namespace, "mezo-node-2-0")).status.podIP,
        "the ethereum-sidecar": sidecar?.status.podIP,
        "a pod of another namespace": other.status.podIP,
      };
      const uids: Record<string, string> = {
        "a validator": validator.metadata.uid,
        "the ethereum-sidecar": sidecar?.metadata.uid,
        "a machine outside": "outside",
      };
      for (const [sender, [of]] of Object.entries(senders))
        uids[sender] = (await podOf(of, podName(sender))).metadata.uid;
      const seen: string[] = [];
      const expected: string[] = [];
      await withOutside(network(), async () => {
        for (const [sender, targets] of Object.entries(flows)) {
          const results = targets.map(async ([target, port, wanted]) => {
            const line = `${sender} to ${target} at ${port}`;
            expected.push(`${line}: ${wanted}`);
            seen.push(`${line}: ${await flow(network(), uids[sender] ?? "", addresses[target], port)}`);
          });
          await Promise.all(results);
        }
      });
      expect(seen.sort()).toEqual(expected.sort());
      expect(expected.length).toBeGreaterThan(100);
    });
  },
  policiesUnenforced(),
);
