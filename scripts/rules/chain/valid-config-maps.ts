import { configMaps } from "../../objects/shapes/config-maps.ts";
import { type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-config-maps",
  why: "A file that pods do not find, or one that they were not meant to find, keeps them from starting or changes what they do.",
  fix: "Restore the configMapGenerator in generators/components/overlay-root.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (network) yield* unexpected(manifests, ["ConfigMap"], configMaps(network));
  },
} satisfies Rule;
