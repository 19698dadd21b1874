import { kustomize } from "./kustomize.ts";
import { type Manifest, parseManifests } from "./manifests.ts";

/** An overlay as a cluster would get it. */
export interface Built {
  overlay: string;
  yaml: string;
  manifests: Manifest[];
}

/**
 * `kustomize build` of an overlay.
 *
 * @throws {OperatorError} with kustomize's own words when it does not build.
 */
export const build = async (root: string, overlay: string) => parsed(overlay, await kustomize(root, overlay));

/**
 * An overlay from what kustomize made of it.
 *
 * @throws {OperatorError} when it is not YAML.
 */
export const parsed = (overlay: string, yaml: string): Built => ({ overlay, yaml, manifests: parseManifests(yaml) });
