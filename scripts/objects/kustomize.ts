import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import { toolPath } from "tools/tool.ts";
import { quietly } from "../lib/program.ts";

/**
 * The names of a repository's overlays, or the given ones.
 *
 * @throws {UsageError} when one of the given overlays does not exist.
 */
export function overlayNames(root: string, only: readonly string[] = []): string[] {
  const isOverlay = (name: string) => existsSync(join(root, "overlays", name, "kustomization.yaml"));
  const folder = join(root, "overlays");
  const names = existsSync(folder) ? readdirSync(folder).filter(isOverlay).sort() : [];
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`there is no overlay ${unknown.join(", ")}; there are ${names.join(", ")}`);
  return only.length > 0 ? [...only] : names;
}

/**
 * What `kustomize build` writes for an overlay.
 *
 * @throws {OperatorError} with Kustomize's own words when it does not build.
 */
export async function kustomize(root: string, overlay: string): Promise<string> {
  const program = await toolPath("kustomize");
  const { exitCode, signal, stdout, stderr } = await quietly`${program} build ${root}/overlays/${overlay}`;
  if (exitCode === 0) return stdout;
  const words = stderr.trim().replace(/^Error: /, "") || `Kustomize ended with ${signal ?? `exit code ${exitCode}`}`;
  throw new OperatorError(`overlays/${overlay} does not build: ${words}`);
}
