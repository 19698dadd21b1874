import type { KeyPlace, Placement } from "generators/components/placement.ts";

/** A network at an earlier commit. Commits from before there was a record do not tell everything. */
export type EarlierPlacement = Omit<Placement, "cluster" | "destination" | "lifecycle"> &
  Partial<Pick<Placement, "cluster" | "destination" | "lifecycle">> & {
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

/** What makes two places different ones, as a person says it. */
const facts: [field: string, of: (placement: EarlierPlacement | Placement, key: string) => string | undefined][] = [
  ["network", ({ network }) => network],
  ["cluster", ({ cluster }) => cluster],
  // What gke says of a cluster does not say where Argo CD deploys.
  ["destination", ({ destination }) => destination ?? undefined],
  ["namespace", ({ namespace }) => namespace],
  ["app", ({ app }) => app],
  ["StatefulSet", ({ keys }, key) => keys[key]?.statefulSet],
  ["volume", ({ keys }, key) => keys[key]?.volumeClaim],
];

/** A fact of a key's place that is another than it was. */
export interface Move {
  field: string;
  was: string;
  is: string;
}

/**
 * How a key's place differs from that of an earlier commit. One from before there was a record does not know its cluster,
 * and not every network has a destination.
 */
export const movesOf = (now: Placement, key: string, earlier: EarlierPlacement): Move[] =>
  facts.flatMap(([field, of]) => {
    const [was, is] = [of(earlier, key), of(now, key)];
    return was === undefined || is === undefined || was === is ? [] : [{ field, was, is }];
  });
