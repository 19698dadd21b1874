import { type Placement, placement } from "generators/components/placement.ts";
import { clusterOf } from "generators/network/cluster.ts";
import { keystoreName } from "generators/network/names.ts";
import { lockFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import type { Tree } from "generators/tree.ts";
import { errorAt, type Finding } from "../../lib/finding.ts";
import { movesOf, placeOfKey } from "../../objects/placements.ts";
import { readLock } from "../../seal/lock.ts";
import type { Before, Rule } from "../rule.ts";

export default {
  id: "no-moved-keys",
  why: "Nothing stops a validator at the place that its key leaves: both places run it, and it signs twice.",
  fix: "Put it back, and move the key as docs/runbooks/move-a-key.md says: pause it, push, and move it when its pod is gone.",
  brokenBy: "network",
  *check(_manifests, network, before = [], keystores = new Map()) {
    if (!network) return;
    const now = placement(network);
    for (const [key, { statefulSet }] of Object.entries(now.keys)) {
      const [move] = [...movesSince(now, key, before), ...movesFromSeal(network, key, keystores)];
      if (move) yield errorAt(`StatefulSet/${statefulSet}`, move.field, move.message);
    }
  },
} satisfies Rule;

function* movesSince(
  now: Placement,
  key: string,
  before: readonly Before[],
): Iterable<Pick<Finding, "field" | "message">> {
  for (const { commit, placements } of before) {
    const earlier = placeOfKey(placements, key);
    if (!earlier || earlier.place.paused) continue;
    for (const { field, was, is } of movesOf(now, key, earlier.placement)) {
      const message = `the key signs at ${field} ${is}, but at commit ${commit} it signed at ${field} ${was} and was not paused`;
      yield { field, message };
    }
  }
}

/** The lock remembers for which place a key was sealed, whatever git knows. */
function* movesFromSeal(network: Network, key: string, keystores: Tree): Iterable<Pick<Finding, "field" | "message">> {
  const { index } = network.validators.find(({ consensusPubKey }) => consensusPubKey === key) ?? { index: -1 };
  const now = { secret: keystoreName(network, index), namespace: network.namespace, cluster: clusterOf(network) };
  for (const [secret, { cluster, namespace, validator }] of Object.entries(readLock(network, keystores).secrets)) {
    if (validator?.consensusPubKey !== key) continue;
    if (cluster !== now.cluster) {
      const message = `the key is needed on ${now.cluster}, but ${lockFile(network.name)} has it sealed for ${cluster}`;
      yield { field: "keystore", message };
    }
    if (secret === now.secret && namespace === now.namespace) continue;
    const message = `the key is needed as ${now.namespace}/${now.secret}, but ${lockFile(network.name)} has it sealed as ${namespace}/${secret}`;
    yield { field: "keystore", message };
  }
}
