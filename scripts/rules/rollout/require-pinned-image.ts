import type { Network } from "generators/network/schema.ts";
import type { Volume } from "kubernetes-types/core/v1.js";
import type { Finding } from "../../lib/finding.ts";
import { containers, type Manifest, type Workload, workloads } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

// A digest, or a tag that looks like a release: v0.2.0-rc3. Anything else may be another program tomorrow.
const pinned = /(@sha256:[0-9a-f]{64}|:v?\d+\.\d+\.\d+[\w.-]*)$/;

export default {
  id: "require-pinned-image",
  why: "Validators that run different programs disagree on a block, and the chain forks or halts.",
  fix: "Pin `image` in the network to a release or a digest; `stagedUpgrade` runs another release on some validators first.",
  brokenBy: "network",
  *check(manifests, network) {
    for (const workload of workloads(manifests)) {
      const { manifest } = workload;
      for (const { container, field } of containers(workload)) {
        if (pinned.test(container.image ?? "")) continue;
        yield finding(manifest, `${field}.image`, `must be pinned to a release or a digest, is ${container.image}`);
      }
      for (const { reference, field } of imageVolumes(workload)) {
        if (pinned.test(reference)) continue;
        yield finding(manifest, field, `must be pinned to a release or a digest, is ${reference}`);
      }
    }
    yield* differentImages(manifests, network);
  },
} satisfies Rule;

/** The images that pods mount as volumes, a kind of volume that kubernetes-types does not know yet. */
const imageVolumes = ({ template: { spec }, at }: Workload) =>
  (spec?.volumes ?? []).flatMap((volume, i) => {
    const { image } = volume as Volume & { image?: { reference?: string } };
    return image ? [{ reference: image.reference ?? "", field: `${at}.spec.volumes[${i}].image.reference` }] : [];
  });

/** Containers of validators whose image is not the first validator's; those of a staged upgrade are compared apart. */
function* differentImages(manifests: readonly Manifest[], network: Network | undefined): Iterable<Finding> {
  const staged = network?.stagedUpgrade?.validators ?? [];
  const images = new Map<boolean, { image?: string | undefined; name: string }>();
  for (const validator of validatorSets(manifests)) {
    const isStaged = staged.includes(Number(validator.metadata.labels?.id));
    const { name } = validator.metadata;
    for (const { container, field } of containers({ template: validator.spec.template, at: "spec.template" })) {
      const { image } = container;
      const first = images.get(isStaged) ?? { image, name };
      images.set(isStaged, first);
      if (image === first.image) continue;
      yield finding(validator, `${field}.image`, `must be ${first.image}, as in ${first.name}; is ${image}`);
    }
  }
}
