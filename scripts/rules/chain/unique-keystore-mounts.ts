import { containers, type Manifest, volumeSources, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "unique-keystore-mounts",
  why: "One key in two pods signs twice.",
  fix: "Give each validator the Secret that carries its own name.",
  *check(manifests) {
    const owners = new Map<string, Manifest>();
    for (const { manifest, template } of workloads(manifests)) {
      const inFiles = volumeSources(template).map(({ source }) => source.secret?.name);
      const inEnvironment = containers(template).flatMap(({ container }) =>
        (container.env ?? []).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
      );
      for (const name of new Set([...inFiles, ...inEnvironment])) {
        if (!name?.endsWith("-keystore")) continue;
        const owner = owners.get(name);
        owners.set(name, owner ?? manifest);
        if (owner) yield finding(manifest, "spec.template.spec.volumes", `mounts ${name} of ${owner.metadata.name}`);
        if (name !== `${manifest.metadata.name}-keystore`) {
          yield finding(manifest, "spec.template.spec.volumes", `mounts ${name}, which by its name is another's`);
        }
      }
    }
  },
} satisfies Rule;
