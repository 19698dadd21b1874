/** What several runs of one command took, in milliseconds. */
export interface Timing {
  minimum: number;
  median: number;
}

/** The minimum and the median of some times. */
export function timing(milliseconds: readonly number[]): Timing {
  const sorted = [...milliseconds].sort((a, b) => a - b);
  const at = (position: number) => sorted[Math.floor(position)] ?? Number.NaN;
  return { minimum: at(0), median: (at((sorted.length - 1) / 2) + at(sorted.length / 2)) / 2 };
}
