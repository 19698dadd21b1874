import { quantityValue } from "generators/network/quantity.ts";
import type { Finding } from "../../lib/finding.ts";
import { containers, type Workload, workloads } from "../../objects/manifests.ts";
import { nodeContainer, type ValidatorSet, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

// Replaying blocks takes more than following the chain: a limit near the request was 33 kills in 46 minutes.
const headroom = 1.5;

export default {
  id: "require-memory-headroom",
  why: "A node that the kernel kills for its memory may corrupt its database.",
  fix: `Set a memoryLimit of at least ${headroom} times memory in the network's \`resources\`; generators/components/validator/overlay.ts derives the rest.`,
  brokenBy: "network",
  *check(manifests) {
    for (const workload of workloads(manifests)) yield* missingResources(workload);
    for (const validator of validatorSets(manifests)) yield* tightMemory(validator);
  },
} satisfies Rule;

function* missingResources({ manifest, template }: Workload): Iterable<Finding> {
  for (const { container, field } of containers(template)) {
    const { requests, limits } = container.resources ?? {};
    const at = `${field}.resources`;
    if (!requests?.memory || !requests.cpu) yield finding(manifest, `${at}.requests`, "must name cpu and memory");
    if (!limits?.memory) yield finding(manifest, `${at}.limits.memory`, "must be set");
    if (limits?.cpu) yield finding(manifest, `${at}.limits.cpu`, "must not be set: a throttled node votes late");
  }
}

function* tightMemory(validator: ValidatorSet): Iterable<Finding> {
  const { resources, env } = nodeContainer(validator) ?? {};
  const [request, limit] = [resources?.requests?.memory, resources?.limits?.memory];
  const field = "spec.template.spec.containers[0]";
  if (request && limit && quantityValue(limit) < headroom * quantityValue(request)) {
    const message = `must be at least ${headroom} times the request of ${request}, is ${limit}`;
    yield finding(validator, `${field}.resources.limits.memory`, message);
  }
  const goLimit = env?.find(({ name }) => name === "GOMEMLIMIT")?.value;
  if (!goLimit) yield finding(validator, `${field}.env`, "must set GOMEMLIMIT");
  // Go writes the unit MiB, Kubernetes Mi.
  else if (limit && quantityValue(goLimit.replace(/B$/, "")) >= quantityValue(limit)) {
    yield finding(validator, `${field}.env`, `GOMEMLIMIT must be below the memory limit of ${limit}, is ${goLimit}`);
  }
}
