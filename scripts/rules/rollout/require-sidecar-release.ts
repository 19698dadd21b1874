import { sidecarName } from "generators/network/names.ts";
import { containers, workloads } from "../../objects/manifests.ts";
import { nodeContainer, validatorSets } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "require-sidecar-release",
  why: "An ethereum-sidecar of another release than its node's tells it of other contracts and events, and the validator's votes fall out of the bridge's.",
  fix: "Restore the image in generators/components/ethereum-sidecar.ts or generators/components/validator/sidecar.ts: it is the node's own.",
  brokenBy: "generator",
  *check(manifests, network) {
    const sets = validatorSets(manifests);
    const staged = network?.stagedUpgrade?.validators ?? [];
    // Those of a staged upgrade run another release than the sidecar that all share.
    const shared = sets.find(({ metadata }) => !staged.includes(Number(metadata.labels?.id)));
    for (const workload of workloads(manifests)) {
      const { manifest } = workload;
      const node = sets.find((set) => set === manifest) ?? shared;
      const image = node && nodeContainer(node)?.image;
      for (const { container, field } of containers(workload)) {
        if (container.name !== sidecarName || image === undefined || container.image === image) continue;
        const message = `must be ${image}, as of the node in ${node?.metadata.name}; is ${container.image}`;
        yield finding(manifest, `${field}.image`, message);
      }
    }
  },
} satisfies Rule;
