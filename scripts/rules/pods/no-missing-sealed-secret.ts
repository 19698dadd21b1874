import type { Finding } from "../../lib/finding.ts";
import {
  containers,
  type Manifest,
  ofKind,
  sibling,
  volumeSources,
  type Workload,
  workloads,
} from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

type SealedSecret = { spec: { encryptedData?: Record<string, string> } };

/** A Secret that a pod asks for, with the keys it needs. */
interface Wanted {
  field: string;
  name: string;
  keys: string[];
}

export default {
  id: "no-missing-sealed-secret",
  why: "A pod whose Secret, or a key of it, is missing never starts.",
  fix: "Run `pnpm seal` for the network and commit what it writes.",
  brokenBy: "network",
  *check(manifests) {
    const found = workloads(manifests).flatMap((workload) => [...missing(manifests, workload)]);
    if (found.length > 0 && ofKind(manifests, "SealedSecret").length === 0) {
      // Before the first sealing this is how it should be.
      const waiting = new Set(found.map(({ object }) => object)).size;
      const message = `nothing is sealed yet: ${waiting} workloads wait for \`pnpm seal\``;
      yield { severity: "warning", object: "keystores", field: "", message };
      return;
    }
    yield* found;
  },
} satisfies Rule;

function* missing(manifests: readonly Manifest[], workload: Workload): Iterable<Finding> {
  const { manifest } = workload;
  for (const { field, name, keys } of wanted(workload)) {
    const sealed = sibling<SealedSecret>(manifests, manifest, "SealedSecret", name);
    if (!sealed) {
      yield finding(manifest, field, `there is no SealedSecret ${name}, though others are sealed`);
      continue;
    }
    for (const key of keys) {
      if (key in (sealed.spec.encryptedData ?? {})) continue;
      yield finding(manifest, field, `SealedSecret ${name} has no key ${key}`);
    }
  }
}

function wanted(workload: Workload): Wanted[] {
  const mounted = volumeSources(workload).flatMap(({ source: { secret }, field }) =>
    secret?.name
      ? [{ field: `${field}.secret`, name: secret.name, keys: (secret.items ?? []).map(({ key }) => key) }]
      : [],
  );
  const inEnvironment = containers(workload).flatMap(({ container, field }) =>
    (container.env ?? []).flatMap(({ valueFrom }, i) => {
      const ref = valueFrom?.secretKeyRef;
      return ref?.name ? [{ field: `${field}.env[${i}]`, name: ref.name, keys: [ref.key] }] : [];
    }),
  );
  return [...mounted, ...inEnvironment];
}
