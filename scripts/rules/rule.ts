import type { Network } from "generators/network/schema.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import type { Manifest } from "../objects/manifests.ts";

/** Something that must hold, and what there is to say about it. */
export interface Requirement {
  /** Its name in kebab case: what reports show and exceptions name. */
  id: string;
  /** What breaks when it does not hold, in one sentence. */
  why: string;
  /** What to do about a finding, in one sentence. */
  fix: string;
}

/** What an overlay held at an earlier commit. */
export interface Before {
  commit: string;
  chainId: string;
  genesis: string;
  /** Whether keystores were sealed, so that validators could start. */
  isSealed: boolean;
}

/** A requirement on a whole built overlay. */
export interface Rule extends Requirement {
  /**
   * Whom a finding speaks to. "network": a network that passes its own checks, or a sealed file, can break the rule, so
   * its author can mend it. "generator": only a change of this project's code, or of a generated file, can.
   */
  brokenBy: "network" | "generator";
  /**
   * @param network the overlay's; an overlay such as argocd has none.
   * @param before the same overlay at earlier commits, newest first.
   */
  check(manifests: readonly Manifest[], network?: Network, before?: readonly Before[]): Iterable<Finding>;
}

/** The rules of one topic: all that lie in the topic's folder. */
export interface Topic {
  title: string;
  rules: readonly Rule[];
}

/** An error in an object. */
export const finding = ({ kind, metadata }: Manifest, field: string, message: string): Finding =>
  errorAt(`${kind}/${metadata.name}`, field, message);
