/** Where something stands: in the working tree, in the index, or in a commit, by its short id. */
export type Place = "" | "staged" | `commit ${string}`;

/** Something to look through: a file, or a commit's message, which has no path. */
export interface Content {
  path: string;
  place: Place;
  /** Undefined where there are more than `limit`. */
  bytes: Buffer | undefined;
}

/** How many bytes of a file are looked through at most: half a minute's work for one core. */
export const limit = 50_000_000;
