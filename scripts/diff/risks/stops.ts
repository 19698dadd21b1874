import { batches } from "generators/network/rollout.ts";
import { validatorSets } from "../../objects/validators.ts";
import { isDown, keptValidators, mayHaveChain, type Push, reasonOf, spared } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";
import { restartGroups } from "./restarts.ts";

/** Too many validators that are down at once: for good, for a while, or as soon as one more fails. */
export function* stops(push: Push): Iterable<Consequence> {
  const { network } = push;
  if (!network || !mayHaveChain(push)) return;
  const { all, most, words } = spared(network);
  const sets = validatorSets(push.is.manifests);
  const down = sets.filter(isDown).map(({ metadata }) => metadata.name);
  const more = keptValidators(push).filter(({ was, is }) => isDown(is) && !isDown(was));
  const names = more.map(({ name }) => name);
  if (more.length > 0 && down.length > most) {
    const message = `${listed(names)} stop${end(names)}: ${down.length} of ${all} validators are down then, and ${words}.`;
    yield { risk: "halts the chain", message };
  } else if (more.length > 0) {
    const left = most - down.length;
    const margin = left === 0 ? "one more that fails halts it" : `it spares ${left} more`;
    const reason = names.map((name) => reasonOf(network, name)).find(Boolean);
    const message = `${listed(names)} stop${end(names)}: ${words}, so ${margin}.`;
    yield { risk: "may halt the chain", message, ...(reason && { reason }) };
  }
  if (down.length > most) return;
  const [group] = restartGroups(push)
    .map((each) => each.filter((name) => !down.includes(name)))
    .filter((each) => each.length + down.length > most);
  if (!group) return;
  const beside = down.length > 0 ? ` while ${listed(down)} ${down.length === 1 ? "is" : "are"} down` : "";
  if (isHeld(push, down)) {
    const message = `${listed(group)} would restart${beside}: ${words}, so the gate holds the rollout until the others sign.`;
    yield { risk: "may halt the chain", message, ...heldReason(push, down) };
  } else {
    const message = `${listed(group)} restart${end(group)}${group.length > 1 ? " at once" : ""}${beside}: ${words}, so no block is made until more than two thirds sign again.`;
    yield { risk: "halts the chain", message };
  }
}

const end = (names: readonly string[]) => (names.length === 1 ? "s" : "");

/** Whether a gate asks before the restart, and others than the batch are what is missing. */
const isHeld = ({ is, network }: Push, down: readonly string[]) =>
  down.length > 0 &&
  network !== undefined &&
  batches(network).length > 1 &&
  is.manifests.some(({ kind }) => kind === "Job");

const heldReason = ({ network }: Push, down: readonly string[]) => {
  const reason = network && down.map((name) => reasonOf(network, name)).find(Boolean);
  return reason ? { reason } : {};
};
