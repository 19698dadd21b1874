import { resolve } from "node:path";
import type { Network } from "generators/network/schema.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import { build } from "scripts/objects/overlays.ts";
import type { Rule } from "scripts/rules/rule.ts";
import { staging as stagingNetwork } from "../networks.ts";

const root = resolve(import.meta.dirname, "../../..");
const { manifests } = await build(root, "staging");

// biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of every kind to break them.
export type Any = any;

/** The staging overlay, freshly copied, and a way to reach its objects by "Kind/name". */
export const staging = () => copied(manifests);

/** Any overlay, freshly copied, and a way to reach its objects. */
export function copied(overlay: readonly Manifest[]) {
  const copy = structuredClone([...overlay]);
  const object = (id: string): Any => {
    const found = copy.find(({ kind, metadata }) => `${kind}/${metadata.name}` === id);
    if (!found) throw new Error(`the overlay has no ${id}`);
    return found;
  };
  const remove = (id: string) => void copy.splice(copy.indexOf(object(id)), 1);
  return { manifests: copy, object, remove };
}

/**
 * Staging with everything sealed that its pods mount. The values are stand-ins: rules look at names alone.
 */
export const sealedStaging = () => sealedOverlay(manifests);

/** The same of any overlay in staging's namespace. */
export function sealedOverlay(objects: readonly Manifest[]) {
  const overlay = copied(objects);
  for (const { kind, metadata, ...rest } of [...overlay.manifests]) {
    if (kind !== "StatefulSet") continue;
    const keys = JSON.stringify(rest).match(/"key":"(?!(app|client|config)\.toml|genesis\.json)[^"]+/g) ?? [];
    // A node without a key mounts no Secret.
    if (keys.length === 0) continue;
    overlay.manifests.push(
      sealed(
        `${metadata.name}-keystore`,
        keys.map((key) => key.slice('"key":"'.length)),
      ),
    );
  }
  overlay.manifests.push(sealed("ethereum-sidecar-config", ["ethereum-node-address"]));
  return overlay;
}

const sealed = (name: string, keys: string[]): Manifest & { spec: { encryptedData: Record<string, string> } } => ({
  apiVersion: "bitnami.com/v1alpha1",
  kind: "SealedSecret",
  metadata: {
    name,
    namespace: stagingNetwork.namespace,
    annotations: { "argocd.argoproj.io/sync-options": "Prune=false,Delete=false" },
  },
  spec: { encryptedData: Object.fromEntries(keys.map((key) => [key, "Ag"])) },
});

/** The pod template of a StatefulSet or Deployment. */
export const podSpec = (workload: Any): Any => workload.spec.template.spec;

/** What a rule finds, a line each: "Kind/name field: message". */
export const findings = (rule: Rule, objects: readonly Manifest[], network: Network = stagingNetwork) =>
  [...rule.check(objects, network)].map(({ object, field, message }) => `${object} ${field}: ${message}`);

/** What a rule finds in staging after a change to one of its objects. */
export function findingsAfter(rule: Rule, id: string, change: (object: Any) => void): string[] {
  const { manifests, object } = staging();
  change(object(id));
  return findings(rule, manifests);
}

/** What a rule finds in staging after a change to the pod of mezo-node-0. */
export const findingsWithPod = (rule: Rule, change: (pod: Any) => void): string[] =>
  findingsAfter(rule, "StatefulSet/mezo-node-0", (object) => change(podSpec(object)));

/** What a rule finds in staging where an object has the name "other". */
export const findingsRenamed = (rule: Rule, id: string): string[] => {
  const { manifests, object, remove } = staging();
  const renamed = structuredClone(object(id));
  renamed.metadata.name = "other";
  remove(id);
  manifests.push(renamed);
  return findings(rule, manifests);
};

/** Manifests with a file changed in every ConfigMap that holds it. */
export function withToml(
  objects: Manifest[],
  file: string,
  from: string | RegExp,
  to: string | ((found: string) => string),
): Manifest[] {
  for (const { data } of objects as { data?: Record<string, string> }[]) {
    const toml = data?.[file];
    if (data && toml) data[file] = toml.replace(from, to as string);
  }
  return objects;
}
