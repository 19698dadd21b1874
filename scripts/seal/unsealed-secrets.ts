import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { everyFile } from "../lib/files.ts";
import { errorAt, type Finding } from "../lib/finding.ts";

/**
 * Secrets of these names that stand unsealed in a manifest, anywhere below a folder: a key that was committed is no
 * longer secret.
 *
 * @param names those of the Secrets that must be sealed.
 */
export function unsealedSecrets(root: string, names: ReadonlySet<string>): Finding[] {
  const manifests = everyFile(root).filter((path) => /\.(ya?ml|json)$/.test(path));
  return manifests.flatMap((path) => {
    const text = readFileSync(join(root, path), "utf8");
    if (!/\bSecret\b/.test(text)) return [];
    return text
      .split(/^---(?=\s)/m)
      .flatMap(objectsOf)
      .filter(({ kind, metadata }) => kind === "Secret" && names.has(String(metadata?.name)))
      .map(({ metadata }) => {
        const message = `is the plain Secret ${metadata?.name}: delete it, and if it was ever committed, replace the keys in it`;
        return errorAt(path, "kind", message);
      });
  });
}

interface NamedObject {
  kind?: unknown;
  metadata?: { name?: unknown } | null;
}

/** The objects in a document; none where it is not YAML. A Secret with an unknown tag is still a plain Secret. */
const objectsOf = (document: string): NamedObject[] =>
  parseAllDocuments(document, { logLevel: "error" }).flatMap((each) =>
    each.errors.length > 0 ? [] : objectsIn(each.toJS()),
  );

/** An object, or those in a List. */
function objectsIn(value: unknown): NamedObject[] {
  if (typeof value !== "object" || value === null) return [];
  const { items } = value as { items?: unknown };
  return Array.isArray(items) ? items.flatMap(objectsIn) : [value as NamedObject];
}
