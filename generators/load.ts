import { importDeclaration, refuseOddFiles } from "./declaration.ts";
import { declaredNetworks } from "./declared.ts";
import { readRegular } from "./files.ts";
import { defineNetwork } from "./network/define.ts";
import { genesisFile, keystoresFolder, lockFile, networksFolder, validatorsFile } from "./network/paths.ts";
import { networkError } from "./network/problem.ts";
import type { Validator } from "./network/schema.ts";
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
  refuseOddFiles(root, names);
  const loaded = await Promise.allSettled(names.map((name) => loadSource(root, name, inputs)));
  const messages = loaded.flatMap((result) => (result.status === "rejected" ? [result.reason.message] : []));
  if (messages.length > 0) throw new OperatorError(messages.join("\n"));
  return loaded.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

async function loadSource(root: string, name: string, inputs: Tree): Promise<Source> {
  const declaration = await importDeclaration(root, name);
  const validators = readValidators(root, name, inputs);
  const network = defineNetwork({ ...declaration, validators });
  return {
    network,
    idle: validators.slice(network.validators.length),
    ...(network.genesis.kind === "file" && { genesisText: readGenesis(root, name, inputs) }),
    ...readKeystores(root, name, inputs),
  };
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

/** A file's text; undefined where there is none. */
function readText(root: string, path: string, inputs: Tree): string | undefined {
  const given = inputs.get(path);
  if (given !== undefined) return given;
  try {
    return readRegular(root, path).toString();
  } catch (error) {
    if (error instanceof OperatorError) throw new OperatorError(`${error.message}: restore it from git`);
    return undefined;
  }
}

function readGenesis(root: string, name: string, inputs: Tree): string {
  const refuse = (message: string) => networkError(name, [{ path: ["genesis", "kind"], value: "file", message }]);
  const path = genesisFile(name);
  const given = inputs.get(path);
  if (given !== undefined) return given;
  let bytes: Buffer;
  try {
    bytes = readRegular(root, path);
  } catch (error) {
    if (error instanceof OperatorError) throw refuse(`needs a file of UTF-8 text at ${error.message}`);
    throw refuse(`needs ${path}, which \`pnpm run import ${name}\` writes`);
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw refuse(`needs a file of UTF-8 text at ${path}`);
  }
}
