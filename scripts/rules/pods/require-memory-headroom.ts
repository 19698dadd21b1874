import { quantityValue } from "generators/network/quantity.ts";
import { containers, workloads } from "../../objects/manifests.ts";
import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

// Replaying blocks takes more than following the chain: a limit near the request was 33 kills in 46 minutes.
const headroom = 1.5;

export default {
  id: "require-memory-headroom",
  why: "A node that the kernel kills for its memory may corrupt its database.",
  fix: "Set `resources` in the network, with a memory limit well above the request.",
  *check(manifests) {
    for (const { manifest, template } of workloads(manifests)) {
      for (const { container, field } of containers(template)) {
        const { requests, limits } = container.resources ?? {};
        if (!requests?.memory || !requests.cpu)
          yield finding(manifest, `${field}.resources.requests`, "must name cpu and memory");
        if (!limits?.memory) yield finding(manifest, `${field}.resources.limits.memory`, "must be set");
        if (limits?.cpu)
          yield finding(manifest, `${field}.resources.limits.cpu`, "must not be set: a throttled node votes late");
      }
    }
    for (const validator of validatorSets(manifests)) {
      const { requests, limits } = nodeContainer(validator)?.resources ?? {};
      if (!requests?.memory || !limits?.memory) continue;
      if (quantityValue(limits.memory) >= headroom * quantityValue(requests.memory)) continue;
      const message = `must be at least ${headroom} times the request, ${requests.memory}; is ${limits.memory}`;
      yield finding(validator, "spec.template.spec.containers[0].resources.limits.memory", message);
    }
  },
} satisfies Rule;
