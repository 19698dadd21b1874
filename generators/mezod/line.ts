import type { Key } from "./key.ts";
import type { Derived } from "./settings.ts";
import type { TomlValue } from "./toml.ts";

/** Blocks: from the first one that a line makes to the one that the next line makes first; open for the newest line. */
export type Blocks = readonly [from: number, to?: number];

/** A key that a release brings, or reads in another way than those before. */
export type NewKey = Key & {
  /** The tag from which on nodes know it, where that is not the line's first. */
  since?: string;
  /** What the project sets: the release's own default. */
  value: TomlValue;
  /** Where the value comes from the network instead. */
  from?: Derived;
};

/** A planned halt. */
export interface Halt {
  by: "halt";
  /** The name of the plan, and of the new release's handler for it. */
  plan: string;
  /** Whether the old release makes the plan itself, in the block of its height. It then stops at the next one. */
  isMadeInCode?: true;
}

/** Releases that follow one another without a switch of the whole chain. */
export interface Line {
  /** Its first tag. A tag belongs to the last line that begins with it or earlier. */
  from: string;
  /** The tag to run: the newest of the line, or the one that knows the switch at its end. */
  run: string;
  /** Its blocks on the testnet, mezo_31611-1; none where it never ran there. */
  testnet?: Blocks;
  /** Its blocks on the mainnet, mezo_31612-1. */
  mainnet?: Blocks;
  /**
   * How a chain gets to the line. At a halt the old release stops at the height of the plan, and only then the new one
   * may start. A fork is in the code of both, and must be rolled out before its height.
   */
  entered: { by: "genesis" } | Halt | { by: "fork" };
  keys?: { app?: Record<string, NewKey>; config?: Record<string, NewKey> };
  /** Flags of `mezod start` that it brings. A key that came within a line brings its flag then. */
  flags?: readonly string[];
  sidecars: Sidecars;
}

/** What a validator of a release needs beside its node; other nodes need nothing. */
export interface Sidecars {
  /** "shared": one for all. "own": one beside each validator of the bridge, with that validator's key. */
  ethereum: "shared" | "own";
  /** The price oracle. */
  connect: boolean;
}
