import { lstatSync } from "node:fs";
import { dirname, join } from "node:path";
import { fieldProblem } from "generators/network/fields.ts";
import { networkFile, validatorsFile } from "generators/network/paths.ts";
import { networkError } from "generators/network/problem.ts";

/**
 * Refuses a name that no new network can have.
 *
 * @throws {OperatorError} when it is no DNS label, is reserved, or something of that name is there already.
 */
export function requireFreeName(root: string, name: string): void {
  const problem = fieldProblem("name", name) ?? reserved(name) ?? taken(root, name);
  if (problem !== undefined) throw networkError(name, [{ path: ["name"], value: name, message: problem }]);
}

const reserved = (name: string) =>
  name === "argocd" ? "is reserved: overlays/argocd holds the Applications; choose another name" : undefined;

function taken(root: string, name: string): string | undefined {
  const places = [networkFile(name), dirname(validatorsFile(name)), `overlays/${name}`];
  const there = places.find((path) => lstatSync(join(root, path), { throwIfNoEntry: false }));
  return there && `is taken: ${there} is there already; choose another name, or remove that first`;
}
