import { changedObjects } from "./objects.ts";
import type { Push } from "./push.ts";
import { byRisk, type Consequence } from "./risk.ts";
import { chain } from "./risks/chain.ts";
import { jsonRpc } from "./risks/json-rpc.ts";
import { keys } from "./risks/keys.ts";
import { policies } from "./risks/policies.ts";
import { protection } from "./risks/protection.ts";
import { prunes } from "./risks/pruning.ts";
import { publicly } from "./risks/public.ts";
import { rest } from "./risks/rest.ts";
import { restarts } from "./risks/restarts.ts";
import { snapshots } from "./risks/snapshots.ts";
import { stops } from "./risks/stops.ts";
import { upgrades } from "./risks/upgrades.ts";
import { volumes } from "./risks/volumes.ts";

const all = [
  chain,
  stops,
  upgrades,
  keys,
  volumes,
  publicly,
  jsonRpc,
  policies,
  protection,
  snapshots,
  restarts,
  prunes,
  rest,
];

/** A push, with the objects that differ. */
export const pushOf = (name: string, push: Omit<Push, "objects">): Push => ({
  ...push,
  objects: changedObjects(name, push.was, push.is),
});

/** What a push does, the worst first; nothing where no object differs. What rules refuse is in refused.ts. */
export const consequences = (push: Push): Consequence[] => byRisk(all.flatMap((each) => [...each(push)]));
