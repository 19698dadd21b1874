import { kustomize } from "./kustomize.ts";
import { type Manifest, parseManifests } from "./manifests.ts";

/** An overlay as a cluster would get it: its objects, as YAML and parsed. */
export interface Built {
  overlay: string;
  yaml: string;
  manifests: Manifest[];
}

/**
 * Builds an overlay with Kustomize.
 *
 * @throws {OperatorError} with Kustomize's own words when it does not build.
 */
export const build = async (root: string, overlay: string) => parseOverlay(overlay, await kustomize(root, overlay));

/**
 * An overlay from what Kustomize wrote for it.
 *
 * @throws {OperatorError} when that is not YAML.
 */
export const parseOverlay = (overlay: string, yaml: string): Built => ({
  overlay,
  yaml,
  manifests: parseManifests(yaml),
});
