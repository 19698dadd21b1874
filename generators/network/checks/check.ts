import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";

/** Yields the problems between the fields of a network, each of which is well formed by itself. */
export type Check = (network: Network) => Iterable<Problem>;

/** The positions of values that stood before, each with the position where the value stood first. */
export function* repeated(values: readonly unknown[]): Iterable<[position: number, first: number]> {
  const seen = new Map<unknown, number>();
  for (const [position, value] of values.entries()) {
    const first = seen.get(value);
    if (first === undefined) seen.set(value, position);
    else yield [position, first];
  }
}
