import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { everyFile } from "../lib/files.ts";
import type { Finding } from "../lib/finding.ts";

/**
 * Plain Secrets of these names, anywhere below a folder: a key that git has seen is no secret any more.
 *
 * @param names of the Secrets that are to be sealed.
 */
export function plainSecrets(root: string, names: ReadonlySet<string>): Finding[] {
  const manifests = everyFile(root).filter((path) => /\.(ya?ml|json)$/.test(path));
  return manifests.flatMap((path) => {
    const text = readFileSync(join(root, path), "utf8");
    if (!/\bSecret\b/.test(text)) return [];
    return text
      .split(/^---(?=\s)/m)
      .flatMap(objectsOf)
      .filter(({ kind, metadata }) => kind === "Secret" && names.has(String(metadata?.name)))
      .map(({ metadata }) => ({
        severity: "error" as const,
        object: path,
        field: "kind",
        message: `is a plain Secret ${metadata?.name}: delete it, and if git has it, the keys in it are lost: make new ones`,
      }));
  });
}

interface Named {
  kind?: unknown;
  metadata?: { name?: unknown } | null;
}

/** The objects of a document; none where it is not YAML. A tag that nobody knows makes no Secret less plain. */
const objectsOf = (document: string): Named[] =>
  parseAllDocuments(document, { logLevel: "error" }).flatMap((each) =>
    each.errors.length > 0 ? [] : objectsIn(each.toJS()),
  );

/** An object, or those in a List. */
function objectsIn(value: unknown): Named[] {
  if (typeof value !== "object" || value === null) return [];
  const { items } = value as { items?: unknown };
  return Array.isArray(items) ? items.flatMap(objectsIn) : [value as Named];
}
