import type { ConfigMap } from "kubernetes-types/core/v1.js";
import { sibling, volumeSources, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-missing-config-map",
  why: "A pod whose ConfigMap, or a key of it, is missing waits in ContainerCreating for ever.",
  fix: "Restore the volumes in generators/components/validator/volumes.ts, or the configMapGenerator in generators/components/overlay-root.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const workload of workloads(manifests)) {
      const { manifest } = workload;
      for (const { source, field } of volumeSources(workload)) {
        const name = source.configMap?.name;
        if (name === undefined) continue;
        const configMap = sibling<ConfigMap>(manifests, manifest, "ConfigMap", name);
        if (!configMap) {
          yield finding(manifest, `${field}.configMap.name`, `there is no ConfigMap ${name}`);
          continue;
        }
        for (const { key } of source.configMap?.items ?? []) {
          if (key in { ...configMap.data, ...configMap.binaryData }) continue;
          yield finding(manifest, `${field}.configMap.items`, `ConfigMap ${name} has no key ${key}`);
        }
      }
    }
  },
} satisfies Rule;
