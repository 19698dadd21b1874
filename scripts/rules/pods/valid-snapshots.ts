import type { CronJob } from "kubernetes-types/batch/v1.js";
import type { Finding } from "../../lib/finding.ts";
import { type Manifest, ofKind } from "../../objects/manifests.ts";
import { snapshotKinds, snapshotObjects } from "../../objects/shapes/snapshots.ts";
import { nodeSets } from "../../objects/validators.ts";
import { finding, type Rule, unexpected } from "../rule.ts";

export default {
  id: "valid-snapshots",
  why: "The job that makes snapshots has the only token among the network's pods: another right, or another account, is a way into the cluster; and a copy of no volume is found missing when it is needed.",
  fix: "Restore what the finding names in generators/components/snapshots.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    yield* unexpected(manifests, snapshotKinds, snapshotObjects(network));
    for (const job of ofKind<CronJob>(manifests, "CronJob")) yield* missingVolumes(manifests, job);
  },
} satisfies Rule;

const at = "spec.jobTemplate.spec.template.spec.containers[0].env";

/** Volumes that no pod of the overlay writes. */
function* missingVolumes(manifests: readonly Manifest[], job: Manifest & CronJob): Iterable<Finding> {
  const [container] = job.spec?.jobTemplate.spec?.template.spec?.containers ?? [];
  const env = container?.env ?? [];
  const place = env.findIndex(({ name }) => name === "VOLUMES");
  const written = nodeSets(manifests).flatMap(({ metadata, spec }) =>
    Array.from({ length: spec.replicas ?? 1 }, (_, i) => {
      const pod = `${metadata.name}-${(spec.ordinals?.start ?? 0) + i}`;
      return `${pod}=${spec.volumeClaimTemplates?.[0]?.metadata?.name}-${pod}`;
    }),
  );
  for (const word of env[place]?.value?.split(" ") ?? []) {
    if (written.includes(word)) continue;
    yield finding(
      job,
      `${at}[${place}].value`,
      `must name volumes that a pod of the overlay writes; none does ${word}`,
    );
  }
}
