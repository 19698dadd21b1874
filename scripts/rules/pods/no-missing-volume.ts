import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import { containers, type Manifest, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-missing-volume",
  why: "The API server refuses a pod that mounts a volume it does not declare.",
  fix: "Restore volumes and mounts in generators/components/validator/volumes.ts or generators/components/ethereum-sidecar.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const { manifest, template } of workloads(manifests)) {
      const volumes = [...(template.spec?.volumes ?? []).map(({ name }) => name), ...claimNames(manifest)];
      for (const { container, field } of containers(template)) {
        for (const [i, { name }] of (container.volumeMounts ?? []).entries()) {
          if (!volumes.includes(name))
            yield finding(manifest, `${field}.volumeMounts[${i}]`, `there is no volume ${name}`);
        }
      }
    }
  },
} satisfies Rule;

const claimNames = (manifest: Manifest) =>
  ((manifest as StatefulSet).spec?.volumeClaimTemplates ?? []).map(({ metadata }) => metadata?.name);
