import {
  type Amounts,
  allocatable,
  clientRequests,
  keylessPerMachine,
  keylessRequests,
  knownMachines,
  machineSize,
  validatorsPerMachine,
} from "../machines.ts";
import type { Problem } from "../problem.ts";
import { quantityValue } from "../quantity.ts";
import { isGated } from "../rollout.ts";
import type { Network } from "../schema.ts";
import { hasOwnSidecars, hasSharedSidecar, withConnect } from "../sidecars.ts";
import type { Check } from "./check.ts";

function* unknownMachine({ gke }: Network): Iterable<Problem> {
  if (!gke || machineSize(gke.machine)) return;
  const message = `is no type that is known by name (${knownMachines.join(", ")}): write { cpu, memory }, what the machine has in all`;
  yield { path: ["gke", "machine"], value: gke.machine, message };
}

function* enoughMachines({ gke, spread, validators }: Network): Iterable<Problem> {
  if (!gke || spread === "preferred" || gke.nodes >= validators.length) return;
  const message = `must be at least ${validators.length}, the number of validators: with spread "required" no two share a machine`;
  yield { path: ["gke", "nodes"], value: gke.nodes, message };
}

/** All that one machine may have to carry at a time, against what it has for pods. */
function* crowdedMachines(network: Network): Iterable<Problem> {
  const { gke, resources } = network;
  const [size, each] = [gke && machineSize(gke.machine), validatorsPerMachine(network)];
  if (!gke || !size || each === undefined) return;
  const room = allocatable(size);
  const keyless = keylessPerMachine(network);
  const once = [
    ...sharedSidecar(network),
    ...keyless.flatMap((set) => keylessRequests(set, network)),
    gke.reserved,
    ...(isGated(network) ? [clientRequests] : []),
  ];
  const beside = besideEach(network);
  const [own, more] = [each === 1 ? "a validator" : `${each} validators`, beside.length > 0];
  const parts = [
    more ? `${own} with what each has beside it` : own,
    ...(hasSharedSidecar(network) ? ["the sidecar"] : []),
    ...(keyless.length > 0
      ? [keyless.length === 1 ? "a node without a key" : `${keyless.length} nodes without keys`]
      : []),
    ...(isGated(network) ? ["a gate"] : []),
    "and gke.reserved",
  ];
  for (const field of ["cpu", "memory"] as const) {
    const sum = (all: readonly Requests[]) =>
      all.reduce((total, requests) => total + quantityValue(requests[field]), 0);
    const most = (room[field] - sum(once)) / each - sum(beside);
    if (quantityValue(resources[field]) <= most) continue;
    const message = `must be at most ${inUnits[field](most)}: a machine has ${inUnits[field](room[field])} for pods, and carries ${parts.join(", ")}`;
    yield { path: ["resources", field], value: resources[field], message };
  }
}

type Requests = Network["resources"];

const sharedSidecar = (network: Network) => (hasSharedSidecar(network) ? [network.ethereumSidecar.resources] : []);

/** What every validator brings to its machine: a sidecar of its own in its pod, and its Connect, which may be anywhere. */
const besideEach = (network: Network): Requests[] => [
  ...(hasOwnSidecars(network) ? [network.ethereumSidecar.resources] : []),
  ...(network.connectSidecar && withConnect(network).length > 0 ? [network.connectSidecar.resources] : []),
];

const inUnits: Record<keyof Amounts, (amount: number) => string> = {
  cpu: (cores) => `${Math.max(0, Math.floor(cores * 1000))}m`,
  memory: (bytes) => `${Math.max(0, Math.floor(bytes / 2 ** 20))}Mi`,
};

export const machineChecks: Check[] = [unknownMachine, enoughMachines, crowdedMachines];
