import type { Network } from "generators/network/schema.ts";
import type { Tree } from "generators/tree.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import type { Manifest } from "../objects/manifests.ts";
import type { EarlierPlacement } from "../objects/placements.ts";
import { differences, type Shape } from "../objects/shape.ts";
import { type Expected, wrongObjects } from "../objects/shapes/expected.ts";

/** Something that must hold, and what there is to say about it. */
export interface Requirement {
  /** Its name in kebab case: what reports show and exceptions name. */
  id: string;
  /** What breaks when it does not hold, in one sentence. */
  why: string;
  /** What to do about a finding, in one sentence. */
  fix: string;
}

/** An overlay at an earlier commit. */
export interface Before {
  commit: string;
  /** Its objects; undefined where it was not there, did not build, or was what it is now. */
  manifests?: readonly Manifest[] | undefined;
  /** Where its network's keys signed; undefined where it was not there, or was no network's. */
  placement?: EarlierPlacement | undefined;
  /** The same of every network at that commit. */
  placements: readonly EarlierPlacement[];
  /** The files of its keystores folder, by path from the repository's root. */
  keystores: Tree;
}

/** A requirement on a whole built overlay. */
export interface Rule extends Requirement {
  /**
   * Whom a finding speaks to. "network": a network that passes its own checks, or a sealed file, can break the rule, so
   * its author can mend it. "generator": only a change of this project's code, or of a generated file, can.
   */
  brokenBy: "network" | "generator";
  /**
   * @param manifests none where the overlay is gone.
   * @param network the overlay's; an overlay such as argocd has none.
   * @param before the same overlay at earlier commits, newest first.
   * @param keystores the files of its keystores folder, by path from the repository's root.
   */
  check(
    manifests: readonly Manifest[],
    network?: Network,
    before?: readonly Before[],
    keystores?: Tree,
  ): Iterable<Finding>;
}

/** The rules of one topic: all that lie in the topic's folder. */
export interface Topic {
  title: string;
  rules: readonly Rule[];
}

/** An error in an object. */
export const finding = ({ kind, metadata }: Manifest, field: string, message: string): Finding =>
  errorAt(`${kind}/${metadata.name}`, field, message);

/** An error for each field in which an object differs from its shape. */
export function* misshapen(object: Manifest, shape: Shape): Iterable<Finding> {
  for (const { field, message } of differences(shape, object)) yield finding(object, field, message);
}

/** An error for whatever differs between an overlay's objects of some kinds and those that are expected. */
export function* unexpected(
  manifests: readonly Manifest[],
  kinds: readonly string[],
  expected: readonly Expected[],
): Iterable<Finding> {
  for (const { kind, name, field, message } of wrongObjects(manifests, kinds, expected)) {
    yield errorAt(`${kind}/${name}`, field, message);
  }
}
