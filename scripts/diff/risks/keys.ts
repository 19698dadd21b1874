import { placement } from "generators/components/placement.ts";
import { lockFile } from "generators/network/paths.ts";
import type { Tree } from "generators/tree.ts";
import { movesOf, placeOfKey } from "../../objects/placements.ts";
import type { Push } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";

const risk = "signs from another place";

/** Keys that sign elsewhere, or that somebody else's pod gets. */
export function* keys({ network, placements, was, is }: Push): Iterable<Consequence> {
  if (!network) return;
  const now = placement(network);
  const moved = Object.entries(now.keys).flatMap(([key, { statefulSet, paused }]) => {
    const earlier = placeOfKey(placements, key);
    // The rule no-moved-keys speaks of those that were not paused.
    const moves = earlier?.place.paused ? movesOf(now, key, earlier.placement) : [];
    const places = moves.map(({ field, was, is }) => `${field} ${is}, not ${was}`).join("; ");
    return moves.length > 0 ? [{ statefulSet, what: `${paused ? ", once it runs again," : ""} at ${places}` }] : [];
  });
  for (const [what, group] of Map.groupBy(moved, (each) => each.what)) {
    yield { risk, message: `The key of ${listed(group.map(({ statefulSet }) => statefulSet))} signs${what}.` };
  }
  const [before, after] = [was, is].map(({ keystores }) => identities(keystores, network.name));
  for (const [secret, key] of Object.entries(after ?? {})) {
    const earlier = before?.[secret];
    if (earlier !== undefined && earlier !== key) {
      yield { risk, message: `The Secret ${secret} holds the key ${key}, not ${earlier}.` };
    }
  }
}

/** The consensus key in each sealed Secret that has one, as the lock says it; none where it can't be read. */
function identities(keystores: Tree, network: string): Record<string, string> {
  try {
    const { secrets = {} } = JSON.parse(keystores.get(lockFile(network)) ?? "{}");
    const all = Object.entries(secrets as Record<string, { validator?: { consensusPubKey: string } }>);
    return Object.fromEntries(
      all.flatMap(([name, { validator }]) => (validator ? [[name, validator.consensusPubKey]] : [])),
    );
  } catch {
    return {};
  }
}
