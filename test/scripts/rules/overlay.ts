import { resolve } from "node:path";
import type { Network } from "generators/network.ts";
import stagingNetwork from "generators/networks/staging.ts";
import type { Manifest } from "scripts/manifests.ts";
import { build } from "scripts/overlays.ts";
import type { Rule } from "scripts/rules/rule.ts";

const root = resolve(import.meta.dirname, "../../..");
const { manifests } = await build(root, "staging");

// biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of every kind to break them.
export type Any = any;

/** The staging overlay, freshly copied, and a way to reach its objects by "Kind/name". */
export function staging() {
  const copy = structuredClone(manifests);
  const object = (id: string): Any => {
    const found = copy.find(({ kind, metadata }) => `${kind}/${metadata.name}` === id);
    if (!found) throw new Error(`staging has no ${id}`);
    return found;
  };
  const remove = (id: string) => void copy.splice(copy.indexOf(object(id)), 1);
  return { manifests: copy, object, remove };
}

/** The pod template of a StatefulSet or Deployment. */
export const podSpec = (workload: Any): Any => workload.spec.template.spec;

/** What a rule finds, a line each: "Kind/name field: message". */
export const findings = (rule: Rule, objects: readonly Manifest[], network: Network = stagingNetwork) =>
  [...rule.check(objects, network)].map(({ object, field, message }) => `${object} ${field}: ${message}`);

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
