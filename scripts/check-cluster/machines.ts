import { keylessKinds, keylessLabels } from "generators/network/keyless.ts";
import type { Amounts } from "generators/network/machines.ts";
import { nodeLabels } from "generators/network/names.ts";
import { quantityValue } from "generators/network/quantity.ts";
import type { Network } from "generators/network/schema.ts";
import { type Api, type Fact, factOf, type KubeObject } from "../lib/cluster/api.ts";
import type { Subject } from "./subject.ts";

export interface MachineFacts {
  name: string;
  zone: string;
  /** Whether it is ready, and takes new pods. */
  isOpen: boolean;
  /** What it has for pods. */
  has: Amounts;
  /** What all pods but the network's nodes request on it. */
  others: Amounts;
  /** What RPC nodes and seeds of the network request on it. */
  keyless: Amounts;
  /** The validators on it, by pod. */
  validators: string[];
}

/** The cluster's machines, and what runs on them. */
export const collectMachines = ({ network, api }: Subject): Promise<Fact<MachineFacts[]>> =>
  factOf(
    Promise.all([api.request("/api/v1/nodes"), listPods(api)]).then(([nodes, pods]) =>
      machineFacts(network, nodes.items, pods),
    ),
  );

async function listPods({ request }: Api): Promise<KubeObject[]> {
  const query = { fieldSelector: "status.phase!=Succeeded,status.phase!=Failed" };
  return (await request("/api/v1/pods", { query })).items;
}

/** Nodes and pods of the API as facts. */
export function machineFacts(network: Network, nodes: KubeObject[], pods: KubeObject[]): MachineFacts[] {
  const has = ({ metadata }: KubeObject, labels: Record<string, string>) =>
    metadata.namespace === network.namespace &&
    Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value);
  const isValidator = (pod: KubeObject) => has(pod, nodeLabels(network));
  const isKeyless = (pod: KubeObject) => keylessKinds.some((kind) => has(pod, keylessLabels(network, kind)));
  return nodes.map(({ metadata, spec, status }) => {
    const here = pods.filter((pod) => pod.spec.nodeName === metadata.name);
    const isReady = status.conditions?.some(({ type, status }: KubeObject) => type === "Ready" && status === "True");
    return {
      name: metadata.name,
      zone: metadata.labels?.["topology.kubernetes.io/zone"] ?? "",
      isOpen: isReady === true && spec?.unschedulable !== true,
      has: amounts(status.allocatable),
      others: sum(here.filter((pod) => !isValidator(pod) && !isKeyless(pod)).map(requestsOf)),
      keyless: sum(here.filter(isKeyless).map(requestsOf)),
      validators: here.filter(isValidator).map(({ metadata }) => metadata.name),
    };
  });
}

const amounts = ({ cpu = "0", memory = "0" }: KubeObject = {}): Amounts => ({
  cpu: quantityValue(cpu),
  memory: quantityValue(memory),
});

const sum = (all: Amounts[]): Amounts => ({
  cpu: all.reduce((sum, { cpu }) => sum + cpu, 0),
  memory: all.reduce((sum, { memory }) => sum + memory, 0),
});

/**
 * What the scheduler counts for a pod: its containers and its sidecars together, or the largest of those that run before them
 * with the sidecars that have started by then.
 */
function requestsOf({ spec }: KubeObject): Amounts {
  const of = ({ resources }: KubeObject) => amounts(resources?.requests);
  const before: KubeObject[] = spec.initContainers ?? [];
  const isSidecar = ({ restartPolicy }: KubeObject) => restartPolicy === "Always";
  const together = sum([...before.filter(isSidecar), ...spec.containers].map(of));
  const each = before.map((container, i) => sum([...before.slice(0, i).filter(isSidecar), container].map(of)));
  return {
    cpu: Math.max(together.cpu, ...each.map(({ cpu }) => cpu)),
    memory: Math.max(together.memory, ...each.map(({ memory }) => memory)),
  };
}
