import { resolve } from "node:path";
import type { Manifest } from "scripts/manifests.ts";
import { build } from "scripts/overlays.ts";
import type { Rule } from "scripts/rules/rule.ts";

const root = resolve(import.meta.dirname, "../../..");
const { manifests } = await build(root, "staging");

// biome-ignore lint/suspicious/noExplicitAny: tests reach into objects of every kind to break them.
type Any = any;

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
export const findings = (rule: Rule, objects: readonly Manifest[]) =>
  [...rule.check(objects)].map(({ object, field, message }) => `${object} ${field}: ${message}`);
