import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import { selected, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "unique-pod-selectors",
  why: "The API server refuses a workload that does not select its pods, and two that select the same fight over them.",
  fix: "Let each selector name the labels of its own pods, with the `id` that tells validators apart.",
  *check(manifests) {
    for (const { manifest } of workloads(manifests)) {
      const labels = (manifest as StatefulSet).spec?.selector?.matchLabels;
      const pods = selected(manifests, manifest, labels).map((workload) => workload.manifest);
      const text = JSON.stringify(labels);
      if (!pods.includes(manifest)) yield finding(manifest, "spec.selector.matchLabels", `${text} is not its pods'`);
      for (const other of pods.filter((each) => each !== manifest)) {
        yield finding(manifest, "spec.selector.matchLabels", `${text} selects pods of ${other.metadata.name} too`);
      }
    }
  },
} satisfies Rule;
