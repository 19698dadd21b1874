import { type Manifest, ofKind } from "../manifests.ts";
import { type Difference, differences, type Shape } from "../shape.ts";

/** An object that an overlay must have, once and in this shape. A ConfigMap's name is that without its hash. */
export interface Expected {
  kind: string;
  name: string;
  shape: Shape;
}

/** What is wrong with an object; without a field, with its being there. */
export type Wrong = Difference & { kind: string; name: string };

/** Whatever differs between an overlay's objects of some kinds and those that are expected: all of them, and no others. */
export function* wrongObjects(
  manifests: readonly Manifest[],
  kinds: readonly string[],
  expected: readonly Expected[],
): Iterable<Wrong> {
  for (const { kind, name, shape } of expected) {
    const found = ofKind(manifests, kind).filter((each) => stableName(each) === name);
    if (found.length !== 1) yield { kind, name, field: "", message: `there must be one; there are ${found.length}` };
    for (const each of found) {
      for (const difference of differences(shape, each)) yield { kind, name: each.metadata.name, ...difference };
    }
  }
  for (const each of kinds.flatMap((kind) => ofKind(manifests, kind))) {
    const isKnown = expected.some(({ kind, name }) => kind === each.kind && name === stableName(each));
    if (!isKnown)
      yield { kind: each.kind, name: each.metadata.name, field: "", message: "the network has no such object" };
  }
}

/** A name without the hash that Kustomize appends to a ConfigMap's. */
const stableName = ({ kind, metadata: { name } }: Manifest) =>
  kind === "ConfigMap" ? name.replace(/-[a-z0-9]{10}$/, "") : name;
