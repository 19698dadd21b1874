import { containers, type Manifest, volumeSources, type Workload, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

const suffix = "-keystore";

export default {
  id: "unique-keystore-mounts",
  why: "A key in two pods signs twice.",
  fix: "Restore the name of the mounted keystore in generators/components/validator/volumes.ts: the validator's own.",
  brokenBy: "generator",
  *check(manifests) {
    const owners = new Map<string, Manifest>();
    for (const workload of workloads(manifests)) {
      const { manifest } = workload;
      for (const name of new Set(secretNames(workload))) {
        if (!name.endsWith(suffix)) continue;
        const owner = owners.get(name);
        owners.set(name, owner ?? manifest);
        const field = "spec.template.spec.volumes";
        if (owner) yield finding(manifest, field, `mounts ${name}, which ${owner.metadata.name} mounts too`);
        if (name !== `${manifest.metadata.name}${suffix}`) {
          yield finding(manifest, field, `must not mount ${name}: it belongs to ${name.slice(0, -suffix.length)}`);
        }
      }
    }
  },
} satisfies Rule;

function secretNames({ template }: Workload): string[] {
  const inFiles = volumeSources(template).map(({ source }) => source.secret?.name);
  const inEnvironment = containers(template).flatMap(({ container }) =>
    (container.env ?? []).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name),
  );
  return [...inFiles, ...inEnvironment].filter((name) => name !== undefined);
}
