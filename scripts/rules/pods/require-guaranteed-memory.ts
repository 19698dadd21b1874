import { quantityValue } from "generators/network/quantity.ts";
import type { Finding } from "../../lib/finding.ts";
import { containers, type Workload, workloads } from "../../objects/manifests.ts";
import { nodeContainer, nodeSets, type ValidatorSet } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-guaranteed-memory",
  why: "A container that may take more memory than it asked for is evicted or killed when its machine runs out, and a node that is killed may corrupt its database.",
  fix: "Restore `resources` in generators/components/security.ts; how much memory there is comes from the network's `resources`.",
  brokenBy: "generator",
  *check(manifests) {
    for (const workload of workloads(manifests)) yield* ofPod(workload);
    for (const node of nodeSets(manifests)) yield* ofGo(node);
  },
} satisfies Rule;

function* ofPod(workload: Workload): Iterable<Finding> {
  const { manifest } = workload;
  for (const { container, field } of containers(workload)) {
    const { requests, limits } = container.resources ?? {};
    const at = `${field}.resources`;
    for (const name of ["cpu", "memory", "ephemeral-storage"]) {
      if (!requests?.[name]) yield finding(manifest, `${at}.requests["${name}"]`, "must be set");
    }
    if (requests?.memory && limits?.memory !== requests.memory) {
      const message = `must be the request, ${requests.memory}; is ${limits?.memory ?? "missing"}`;
      yield finding(manifest, `${at}.limits.memory`, message);
    }
    if (limits?.cpu) yield finding(manifest, `${at}.limits.cpu`, "must not be set: a throttled node votes late");
    if (limits?.["ephemeral-storage"]) {
      yield finding(manifest, `${at}.limits["ephemeral-storage"]`, "must not be set: a pod that exceeds it is evicted");
    }
  }
}

function* ofGo(validator: ValidatorSet): Iterable<Finding> {
  const { resources, env } = nodeContainer(validator) ?? {};
  const limit = resources?.limits?.memory;
  const goLimit = env?.find(({ name }) => name === "GOMEMLIMIT")?.value;
  // Go writes the unit MiB, Kubernetes Mi.
  const bytes = quantityValue(goLimit?.replace(/B$/, "") ?? "");
  const field = "spec.template.spec.containers[0].env";
  if (!goLimit) yield finding(validator, field, "must set GOMEMLIMIT");
  else if (limit && !(bytes > 0 && bytes <= 0.9 * quantityValue(limit))) {
    const message = `GOMEMLIMIT must be at most 90 % of the memory limit of ${limit}, is ${goLimit}`;
    yield finding(validator, field, message);
  }
}
