import { type Amounts, validatorsPerMachine } from "generators/network/machines.ts";
import { quantityValue } from "generators/network/quantity.ts";
import { tolerated } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import type { Fact } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { MachineFacts } from "./machines.ts";

const about = "machines";
const GiB = 2 ** 30;

/** Whether all validators have room, what the loss of a machine costs, and whether `gke.reserved` is true. */
export function judgeMachines(network: Network, fact: Fact<MachineFacts[]>): Verdict[] {
  if ("unknown" in fact) {
    return [
      warning(about, `are not shown (${fact.unknown})`, "Ask for permission to list nodes and pods of the cluster."),
    ];
  }
  const open = fact.value.filter(({ isOpen }) => isOpen);
  return [judgeRoom(network, open), ...judgeReserved(network, open), ...judgeSpread(network, fact.value)];
}

const inWords = ({ cpu, memory }: Amounts) => `${Math.round(cpu * 100) / 100} CPU and ${(memory / GiB).toFixed(1)} GiB`;

/** How many validators fit beside what else is on a machine. */
function roomOn({ resources, spread }: Network, { has, others, keyless }: MachineFacts): number {
  const cpu = Math.floor((has.cpu - others.cpu - keyless.cpu) / quantityValue(resources.cpu));
  const memory = Math.floor((has.memory - others.memory - keyless.memory) / quantityValue(resources.memory));
  return Math.max(0, Math.min(cpu, memory, spread === "required" ? 1 : Number.POSITIVE_INFINITY));
}

function judgeRoom(network: Network, open: readonly MachineFacts[]): Verdict {
  const room = open.reduce((sum, machine) => sum + roomOn(network, machine), 0);
  const needed = network.validators.length;
  const { cpu, memory } = network.resources;
  const says = `have room for ${room} of ${needed} validators (${open.length} are open; each asks for ${cpu} CPU and ${memory})`;
  if (room >= needed) return ok(about, says.replace(`${room} of ${needed}`, `all ${needed}`));
  return error(about, says, "Add machines, move other pods away, or lower resources.");
}

function judgeReserved(network: Network, open: readonly MachineFacts[]): Verdict[] {
  const { gke } = network;
  if (!gke) return [];
  const verdicts: Verdict[] = [];
  if (open.length < gke.nodes) {
    verdicts.push(
      error(about, `are ${open.length}; gke.nodes says ${gke.nodes}`, "Add machines, or write how many there are."),
    );
  }
  const most = Math.max(0, ...open.map(({ others }) => others.memory));
  const heaviest = open.find(({ others }) => others.memory === most);
  const reserved = { cpu: quantityValue(gke.reserved.cpu), memory: quantityValue(gke.reserved.memory) };
  if (heaviest && (heaviest.others.memory > reserved.memory || heaviest.others.cpu > reserved.cpu)) {
    const says = `${heaviest.name} carries other pods that request ${inWords(heaviest.others)}; gke.reserved says ${inWords(reserved)}`;
    verdicts.push(
      warning(about, says, `Write the real figures; ${validatorsPerMachine(network)} validators must fit beside them.`),
    );
  }
  return verdicts;
}

function judgeSpread({ validators, spread }: Network, machines: readonly MachineFacts[]): Verdict[] {
  const spare = tolerated(validators.length);
  const places = machines.filter((each) => each.validators.length > 0);
  if (places.length === 0) return [ok(about, "carry no validator yet")];
  const crowded = places.filter((each) => each.validators.length > Math.max(1, spare));
  if (crowded.length > 0) {
    return crowded.map(({ name, validators: here }) =>
      (spread === "required" ? error : warning)(
        about,
        `${name} carries ${here.join(", ")}: the chain tolerates ${spare} down, and halts with that machine`,
        'Add a machine for each validator, and set spread: "required".',
      ),
    );
  }
  const zones = new Set(places.map(({ zone }) => zone));
  return [ok(about, `${places.length} carry the validators, in ${zones.size} zone${zones.size === 1 ? "" : "s"}`)];
}
