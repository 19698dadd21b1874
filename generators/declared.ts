import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { networksFolder } from "./network/paths.ts";
import { UsageError } from "./operator-error.ts";

/** Names of the networks that generators/networks declares, in order. */
export function declaredNetworks(root: string): string[] {
  const folder = join(root, networksFolder);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  return files.flatMap((file) => /^(.+)\.ts$/.exec(file)?.[1] ?? []).sort();
}

/**
 * Refuses names that no network has.
 *
 * @throws {UsageError} that lists the declared networks.
 */
export function refuseUnknownNetworks(names: readonly string[], declared: readonly string[]): void {
  const unknown = names.filter((name) => !declared.includes(name));
  if (unknown.length === 0) return;
  throw new UsageError(`no network ${unknown.join(", ")}; ${networksFolder} declares ${declared.join(", ")}`);
}
