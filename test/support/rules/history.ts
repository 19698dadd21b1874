import { placement } from "generators/components/placement.ts";
import type { Network } from "generators/network/schema.ts";
import type { EarlierPlacement } from "scripts/objects/placements.ts";
import type { Before } from "scripts/rules/rule.ts";
import { staging as network } from "../networks.ts";
import { sealedStaging } from "./overlay.ts";

/** Where a network's keys signed at a commit at which it was sealed, with any change. */
export const earlierPlacement = (change: Partial<EarlierPlacement> = {}, of: Network = network): EarlierPlacement => ({
  ...placement(of),
  isSealed: true,
  ...change,
});

/** An overlay at a commit: staging as it is now, with any change. */
export function earlier(change: Partial<Before> = {}): Before {
  const own = "placement" in change ? change.placement : earlierPlacement();
  return {
    commit: "abc1234",
    manifests: sealedStaging().manifests,
    placement: own,
    placements: own ? [own] : [],
    keystores: new Map(),
    ...change,
  };
}

/** The same placement with some validators paused, or all of them. */
export function paused(of: EarlierPlacement, indexes?: readonly number[]): EarlierPlacement {
  const keys = Object.entries(of.keys).map(([key, place]) => [
    key,
    { ...place, paused: indexes?.includes(place.index) ?? true },
  ]);
  return { ...of, keys: Object.fromEntries(keys) };
}
