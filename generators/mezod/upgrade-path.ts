import type { Blocks, Line } from "./line.ts";
import { lineOf, lines } from "./releases.ts";
import { compareVersions } from "./version.ts";

/** The line of a release; undefined where the table does not know that release yet. */
export function knownLine(release: string): Line | undefined {
  const line = lineOf(release);
  // A later release counts to the newest line of the table, whatever line it begins.
  const isNewer = line === lines.at(-1) && line && compareVersions(release, line.run) > 0;
  return isNewer ? undefined : line;
}

/**
 * A line's blocks on one of the chains that the table is about; undefined for any other chain. Undefined as well where the
 * line never ran there.
 */
export function blocksOn({ testnet, mainnet }: Line, chainId: string): Blocks | undefined {
  if (chainId === "mezo_31611-1") return testnet;
  return chainId === "mezo_31612-1" ? mainnet : undefined;
}

/** Whether the table says at which blocks a chain changes releases. */
export const isInTable = (chainId: string) => ["mezo_31611-1", "mezo_31612-1"].includes(chainId);

/**
 * The height that an old release writes into data/upgrade-info.json when it stops for a plan. Where its own code makes the
 * plan, in the block of the plan's height, it looks for plans before that, and stops at the next block.
 */
export function heightOfStop({ height }: { height: number }, release: string): number {
  const entered = knownLine(release)?.entered;
  return entered?.by === "halt" && entered.isMadeInCode ? height + 1 : height;
}

/**
 * The block before which a release must not start on a chain; undefined where the table does not know one. A release that
 * follows a halt can't read what there is before it, or stops at the first block.
 */
export function firstBlock(release: string, chainId: string): number | undefined {
  const line = knownLine(release);
  return line?.entered.by === "halt" ? blocksOn(line, chainId)?.[0] : undefined;
}
