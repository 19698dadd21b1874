import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { declaredNetworks } from "./declared.ts";
import { defineNetwork } from "./network/define.ts";
import {
  genesisFile,
  keystoresFolder,
  lockFile,
  networkFile,
  networksFolder,
  validatorsFile,
} from "./network/paths.ts";
import { networkError } from "./network/problem.ts";
import type { NetworkDeclaration, Validator } from "./network/schema.ts";
import { checksumsOf, parseLock } from "./network/seal-lock.ts";
import { OperatorError } from "./operator-error.ts";
import type { Source } from "./render.ts";
import type { Tree } from "./tree.ts";

/**
 * Loads every network that generators/networks declares, with the files beside it that its manifests depend on.
 *
 * @param inputs content that replaces a file's own, by path. The file need not exist.
 * @throws {OperatorError} listing every problem of every network.
 */
export async function loadSources(root: string, inputs: Tree = new Map()): Promise<Source[]> {
  const names = declaredNetworks(root);
  if (names.length === 0)
    throw new OperatorError(`${networksFolder}: declares no network; add one, such as staging.ts`);
  const loaded = await Promise.allSettled(names.map((name) => loadSource(root, name, inputs)));
  const messages = loaded.flatMap((result) => (result.status === "rejected" ? [result.reason.message] : []));
  if (messages.length > 0) throw new OperatorError(messages.join("\n"));
  return loaded.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

async function loadSource(root: string, name: string, inputs: Tree): Promise<Source> {
  const declaration = await importDeclaration(root, name);
  const network = defineNetwork({ ...declaration, validators: readValidators(root, name, inputs) });
  return {
    network,
    ...(network.genesis.kind === "file" && { genesisText: readGenesis(root, name, inputs) }),
    ...readKeystores(root, name, inputs),
  };
}

async function importDeclaration(root: string, name: string): Promise<NetworkDeclaration> {
  const refuse = (path: string[], value: unknown, message: string) => networkError(name, [{ path, value, message }]);
  let module: { default?: NetworkDeclaration };
  try {
    module = await import(pathToFileURL(join(root, networkFile(name))).href);
  } catch (error) {
    throw refuse([], undefined, `can't be read: ${(error as Error)?.message ?? error}`);
  }
  const declaration = module.default;
  if (typeof declaration !== "object" || declaration === null) {
    throw refuse([], undefined, "is missing: write `export default { … } satisfies NetworkDeclaration`");
  }
  if (declaration.name !== name) throw refuse(["name"], declaration.name, `must be "${name}", the name of its file`);
  if ("validators" in declaration)
    throw refuse(["validators"], undefined, `must be in ${validatorsFile(name)}, not here`);
  return declaration;
}

/** The validators as the JSON has them. They are checked with the rest of the network. */
function readValidators(root: string, name: string, inputs: Tree): Validator[] {
  const path = validatorsFile(name);
  const text = readText(root, path, inputs);
  if (text === undefined) {
    throw new OperatorError(`${path}: is missing; \`pnpm run import ${name}\` writes it from the chain's artifacts`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OperatorError(`${path}: is not JSON: ${(error as Error).message}`);
  }
}

/** Whether a network has sealed secrets, and their hashes from the seal lock. */
function readKeystores(root: string, name: string, inputs: Tree): Pick<Source, "sealed" | "checksums"> {
  const lock = readText(root, lockFile(name), inputs);
  return {
    sealed: readText(root, `${keystoresFolder(name)}/kustomization.yaml`, inputs) !== undefined,
    ...(lock !== undefined && { checksums: checksumsOf(parseLock(lockFile(name), lock)) }),
  };
}

function readText(root: string, path: string, inputs: Tree): string | undefined {
  const given = inputs.get(path);
  if (given !== undefined || !existsSync(join(root, path))) return given;
  try {
    return readFileSync(join(root, path), "utf8");
  } catch (error) {
    throw new OperatorError(`${path}: can't be read (${(error as NodeJS.ErrnoException).code}): restore it from git`);
  }
}

function readGenesis(root: string, name: string, inputs: Tree): string {
  const refuse = (message: string) => networkError(name, [{ path: ["genesis", "kind"], value: "file", message }]);
  const path = genesisFile(name);
  const given = inputs.get(path);
  if (given !== undefined) return given;
  if (!existsSync(join(root, path))) throw refuse(`needs ${path}, which \`pnpm run import ${name}\` writes`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(join(root, path)));
  } catch {
    throw refuse(`needs a file of UTF-8 text at ${path}`);
  }
}
