import type { Network } from "generators/network/schema.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import type { Manifest } from "../objects/manifests.ts";

/** What an overlay held at an earlier commit. */
export interface Before {
  commit: string;
  chainId: string;
  genesis: string;
  /** Whether keystores were sealed, so that validators could start. */
  isSealed: boolean;
}

/** One thing that must hold for the whole built overlay. */
export interface Rule {
  id: string;
  /** What breaks when it does not hold, in one sentence. */
  why: string;
  /** What to do about a finding, in one sentence. */
  fix: string;
  /**
   * @param network the overlay's; an overlay such as argocd has none.
   * @param before the same overlay at earlier commits, newest first.
   */
  check(manifests: readonly Manifest[], network?: Network, before?: readonly Before[]): Iterable<Finding>;
}

/** An error in an object. */
export const finding = ({ kind, metadata }: Manifest, field: string, message: string): Finding =>
  errorAt(`${kind}/${metadata.name}`, field, message);
