import {
  type Amounts,
  allocatable,
  clientRequests,
  knownMachines,
  machineSize,
  validatorsPerMachine,
} from "../machines.ts";
import type { Problem } from "../problem.ts";
import { quantityValue } from "../quantity.ts";
import { isGated } from "../rollout.ts";
import type { Network } from "../schema.ts";
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
  const { gke, resources, ethereumSidecar } = network;
  const [size, each] = [gke && machineSize(gke.machine), validatorsPerMachine(network)];
  if (!gke || !size || each === undefined) return;
  const room = allocatable(size);
  const beside = [ethereumSidecar.resources, gke.reserved, ...(isGated(network) ? [clientRequests] : [])];
  for (const field of ["cpu", "memory"] as const) {
    const left = room[field] - beside.reduce((sum, requests) => sum + quantityValue(requests[field]), 0);
    if (each * quantityValue(resources[field]) <= left) continue;
    const validators = each === 1 ? "a validator" : `${each} validators`;
    const message = `must be at most ${inUnits[field](left / each)}: a machine has ${inUnits[field](room[field])} for pods, and carries ${validators}, the sidecar, ${isGated(network) ? "a gate, " : ""}and gke.reserved`;
    yield { path: ["resources", field], value: resources[field], message };
  }
}

const inUnits: Record<keyof Amounts, (amount: number) => string> = {
  cpu: (cores) => `${Math.max(0, Math.floor(cores * 1000))}m`,
  memory: (bytes) => `${Math.max(0, Math.floor(bytes / 2 ** 20))}Mi`,
};

export const machineChecks: Check[] = [unknownMachine, enoughMachines, crowdedMachines];
