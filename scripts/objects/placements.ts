import type { KeyPlace, Placement } from "generators/components/placement.ts";

/** A network at an earlier commit. Commits from before there was a record do not tell everything. */
export type EarlierPlacement = Omit<Placement, "cluster" | "lifecycle"> &
  Partial<Pick<Placement, "cluster" | "lifecycle">> & {
    /** Whether keystores were sealed, so that validators could start. */
    isSealed: boolean;
  };

/** Where a key signed at an earlier commit. */
export interface EarlierKey {
  placement: EarlierPlacement;
  place: KeyPlace;
}

/** Where a key signed in any of some networks; undefined where none of them had it, or had run. */
export function placeOfKey(placements: readonly EarlierPlacement[], key: string): EarlierKey | undefined {
  const placement = placements.find((each) => hasRun(each) && each.keys[key]);
  const place = placement?.keys[key];
  return placement && place && { placement, place };
}

/** Whether a network's validators can have signed: until then nothing of it counts. */
export const hasRun = ({ lifecycle, isSealed }: EarlierPlacement) =>
  isSealed || lifecycle === "adopted" || lifecycle === "started";
