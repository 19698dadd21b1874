import type { KubeObject } from "../lib/cluster/api.ts";

/**
 * The fields of an object that a manager has together with other clients, each with the client: `.spec.type (terraform)`.
 * Such a field stays when the manager no longer names it, because the other client still has it.
 */
export function sharedFields({ metadata }: KubeObject, manager: string): string[] {
  const entries: KubeObject[] = (metadata.managedFields ?? []).filter(({ subresource }: KubeObject) => !subresource);
  const own = new Set(entries.filter((each) => each.manager === manager).flatMap(({ fieldsV1 }) => leaves(fieldsV1)));
  return entries
    .filter((each) => each.manager !== manager)
    .flatMap((each) => leaves(each.fieldsV1).flatMap((path) => (own.has(path) ? [`${path} (${each.manager})`] : [])));
}

/** The paths of the fields in a set, as the API server's fieldsV1 has it: `f:` a field, `k:` an item by its keys, `v:` by its value. */
function leaves(set: KubeObject, path = ""): string[] {
  const inner = Object.entries(set ?? {}).filter(([key]) => key !== ".");
  if (inner.length === 0) return path ? [path] : [];
  return inner.flatMap(([key, value]) => leaves(value, `${path}${step(key)}`));
}

function step(key: string): string {
  const rest = key.slice(2);
  if (key.startsWith("f:")) return `.${rest}`;
  if (!key.startsWith("k:")) return `[${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as Record<string, unknown>);
  return `[${keys.map(([name, value]) => `${name}=${value}`).join(",")}]`;
}
