/** Where a content is: in the working tree, in the index, or in a commit, which its short id names. */
export type Place = "" | "staged" | `commit ${string}`;

/** A file to search, or a commit's message, whose path is empty. */
export interface Content {
  path: string;
  place: Place;
  /** Undefined when there are more than `limit`. */
  bytes: Buffer | undefined;
}

/** The most bytes of a file that are searched. They take one core about half a minute. */
export const limit = 50_000_000;
