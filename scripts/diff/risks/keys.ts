import { placement } from "generators/components/placement.ts";
import { lockFile } from "generators/network/paths.ts";
import type { Tree } from "generators/tree.ts";
import { movesOf, placeOfKey } from "../../objects/placements.ts";
import type { Push } from "../push.ts";
import type { Consequence } from "../risk.ts";

const risk = "signs from another place";

/** Keys that sign elsewhere, or that somebody else's pod gets. */
export function* keys({ network, placements, was, is }: Push): Iterable<Consequence> {
  if (!network) return;
  const now = placement(network);
  for (const [key, { statefulSet, paused }] of Object.entries(now.keys)) {
    const earlier = placeOfKey(placements, key);
    const moves = earlier ? movesOf(now, key, earlier.placement) : [];
    if (moves.length === 0) continue;
    const places = moves.map(({ field, was, is }) => `${field} ${is}, not ${was}`).join("; ");
    const when = paused ? "is to sign, once it runs again," : "signs";
    yield { risk, message: `The key of ${statefulSet} ${when} at ${places}.` };
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
