import { containers, workloads } from "../manifests.ts";
import { validatorSets } from "../validators.ts";
import { finding, type Rule } from "./rule.ts";

// A digest, or a tag that looks like a release: v0.2.0-rc3. Anything else may be another program tomorrow.
const pinned = /(@sha256:[0-9a-f]{64}|:v?\d+\.\d+\.\d+[\w.-]*)$/;

export default {
  id: "one-pinned-image",
  why: "Validators that run different programs disagree on a block, and the chain forks or halts.",
  *check(manifests) {
    for (const { manifest, template } of workloads(manifests)) {
      for (const { container, field } of containers(template)) {
        if (pinned.test(container.image ?? "")) continue;
        yield finding(manifest, `${field}.image`, `is not pinned to a release or digest: ${container.image}`);
      }
    }
    const [first, ...others] = validatorSets(manifests);
    const image = first?.spec.template.spec?.containers[0]?.image;
    for (const other of others) {
      const own = other.spec.template.spec?.containers[0]?.image;
      if (own === image) continue;
      yield finding(
        other,
        "spec.template.spec.containers[0].image",
        `is ${own}, and ${first?.metadata.name} runs ${image}`,
      );
    }
  },
} satisfies Rule;
