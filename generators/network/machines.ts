import { type KeylessSet, keylessSets } from "./keyless.ts";
import { quantityValue } from "./quantity.ts";
import type { Network } from "./schema.ts";

type Gke = NonNullable<Network["gke"]>;

/** What a machine has, or something takes of it: CPU in cores, memory in bytes. */
export interface Amounts {
  cpu: number;
  memory: number;
}

const GiB = 2 ** 30;

// GiB of memory for each vCPU, by the series and kind of a predefined machine type. From "Machine families resource and
// comparison guide" of Compute Engine.
const perCpu: Record<string, number> = {
  "c3-standard": 4,
  "c3-highmem": 8,
  "c3-highcpu": 2,
  "e2-standard": 4,
  "e2-highmem": 8,
  "e2-highcpu": 1,
  "n1-standard": 3.75,
  "n1-highmem": 6.5,
  "n1-highcpu": 0.9,
  "n2-standard": 4,
  "n2-highmem": 8,
  "n2-highcpu": 1,
  "n2d-standard": 4,
  "n2d-highmem": 8,
  "n2d-highcpu": 1,
  "n4-standard": 4,
  "n4-highmem": 8,
  "n4-highcpu": 2,
  "t2d-standard": 4,
};

/** The series and kinds whose machine types are known by name. */
export const knownMachines = Object.keys(perCpu);

/** What a machine has in all; undefined for a machine type that is not known by its name. */
export function machineSize(machine: Gke["machine"]): Amounts | undefined {
  if (typeof machine !== "string") {
    return { cpu: quantityValue(machine.cpu), memory: quantityValue(machine.memory) };
  }
  // The largest types have less memory for each vCPU.
  const [, kind = "", digits] = /^([a-z0-9]+-[a-z]+)-(2|4|8|16|32|48|64|80)$/.exec(machine) ?? [];
  const gibibytes = perCpu[kind];
  if (gibibytes === undefined) return undefined;
  return { cpu: Number(digits), memory: Number(digits) * gibibytes * GiB };
}

// The kernel keeps some of the memory before GKE reserves its own: 1.6 to 2.3 % on machines with 16 GiB or more, such as
// 32880872Ki that are left of 32 GiB.
const kernelShare = 0.025;

// What GKE reserves, from "About GKE node sizing": of each part of the memory, in GiB, and of each part of the cores.
const reservedMemory = [
  [4, 0.25],
  [4, 0.2],
  [8, 0.1],
  [112, 0.06],
  [Number.POSITIVE_INFINITY, 0.02],
] as const;
const reservedCpu = [
  [1, 0.06],
  [1, 0.01],
  [2, 0.005],
  [Number.POSITIVE_INFINITY, 0.0025],
] as const;
// The kubelet evicts pods when less than this is free.
const evictionThreshold = 100 * 2 ** 20;

/** What a machine has for pods (Kubernetes calls it allocatable), by the formula that GKE publishes. */
export function allocatable({ cpu, memory }: Amounts): Amounts {
  const capacity = memory * (1 - kernelShare);
  return {
    cpu: cpu - share(cpu, reservedCpu),
    memory: capacity - share(capacity / GiB, reservedMemory) * GiB - evictionThreshold,
  };
}

function share(amount: number, parts: readonly (readonly [size: number, rate: number])[]): number {
  let [left, sum] = [amount, 0];
  for (const [size, rate] of parts) {
    const taken = Math.min(left, size);
    sum += taken * rate;
    left -= taken;
  }
  return sum;
}

/** What a container requests that runs mezod as a client, which takes some 100 MB: a gate's, and preflight. */
export const clientRequests = { cpu: "100m", memory: "512Mi" };

/** The nodes without keys that one machine must be able to carry; none where nothing is said about machines. */
export function keylessPerMachine(network: Network): KeylessSet[] {
  const { gke, spread } = network;
  if (!gke) return [];
  return keylessSets(network).flatMap((set) =>
    Array.from({ length: spread === "required" ? 1 : Math.ceil(set.replicas / gke.nodes) }, () => set),
  );
}

/** What the pod of a node without a key requests, container by container. */
export const keylessRequests = ({ kind, resources }: KeylessSet, { rpcNodes }: Network): Network["resources"][] => [
  resources,
  ...(kind === "rpc-node" && rpcNodes ? [rpcNodes.proxy.resources] : []),
];

/** How many validators one machine must be able to carry; undefined where nothing is said about machines. */
export function validatorsPerMachine({ gke, spread, validators }: Network): number | undefined {
  if (!gke) return undefined;
  return spread === "required" ? 1 : Math.ceil(validators.length / gke.nodes);
}
