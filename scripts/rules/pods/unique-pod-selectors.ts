import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import { selected, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "unique-pod-selectors",
  why: "The API server refuses a workload that does not select its own pods, and two that select the same pods fight over them.",
  fix: "Restore the selector and the labels in generators/network/names.ts; `id` tells validators apart.",
  brokenBy: "generator",
  *check(manifests) {
    for (const { manifest } of workloads(manifests)) {
      const labels = (manifest as StatefulSet).spec?.selector?.matchLabels;
      const pods = selected(manifests, manifest, labels).map((workload) => workload.manifest);
      const text = JSON.stringify(labels);
      if (!pods.includes(manifest))
        yield finding(manifest, "spec.selector.matchLabels", `${text} does not select its own pods`);
      for (const other of pods.filter((each) => each !== manifest)) {
        yield finding(manifest, "spec.selector.matchLabels", `${text} also selects the pods of ${other.metadata.name}`);
      }
    }
  },
} satisfies Rule;
