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
 * Every network declared in generators/networks, with what stands beside it on disk.
 *
 * @param instead content that counts in place of a file's own, by path; the file need not exist.
 * @throws {OperatorError} with every problem of every file.
 */
export async function loadSources(root: string, instead: Tree = new Map()): Promise<Source[]> {
  const names = declaredNetworks(root);
  if (names.length === 0)
    throw new OperatorError(`${networksFolder}: no network is declared here; add one, such as staging.ts`);
  const loaded = await Promise.allSettled(names.map((name) => loadSource(root, name, instead)));
  const messages = loaded.flatMap((result) => (result.status === "rejected" ? [result.reason.message] : []));
  if (messages.length > 0) throw new OperatorError(messages.join("\n"));
  return loaded.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

async function loadSource(root: string, name: string, instead: Tree): Promise<Source> {
  const declaration = await importDeclaration(root, name);
  const network = defineNetwork({ ...declaration, validators: readValidators(root, name, instead) });
  return {
    network,
    ...(network.genesis.kind === "file" && { genesisText: readGenesis(root, name, instead) }),
    ...readKeystores(root, name, instead),
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
    throw refuse(
      [],
      undefined,
      "has no network as its default export: `export default { … } satisfies NetworkDeclaration`",
    );
  }
  if (declaration.name !== name) throw refuse(["name"], declaration.name, `must be "${name}", as its file is named`);
  if ("validators" in declaration) throw refuse(["validators"], undefined, `must stand in ${validatorsFile(name)}`);
  return declaration;
}

/** The validators as JSON has them; the network's checks judge them with the rest. */
function readValidators(root: string, name: string, instead: Tree): Validator[] {
  const path = validatorsFile(name);
  const text = readText(root, path, instead);
  if (text === undefined) {
    throw new OperatorError(`${path}: is missing; \`pnpm run import ${name}\` writes it from a chain's artifacts`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new OperatorError(`${path}: is not JSON: ${(error as Error).message}`);
  }
}

/** Whether there are sealed secrets, and what their lock says of them. */
function readKeystores(root: string, name: string, instead: Tree): Pick<Source, "sealed" | "checksums"> {
  const lock = readText(root, lockFile(name), instead);
  return {
    sealed: readText(root, `${keystoresFolder(name)}/kustomization.yaml`, instead) !== undefined,
    ...(lock !== undefined && { checksums: checksumsOf(parseLock(lockFile(name), lock)) }),
  };
}

function readText(root: string, path: string, instead: Tree): string | undefined {
  const given = instead.get(path);
  if (given !== undefined || !existsSync(join(root, path))) return given;
  try {
    return readFileSync(join(root, path), "utf8");
  } catch (error) {
    throw new OperatorError(`${path}: can't be read (${(error as NodeJS.ErrnoException).code}): take it back from git`);
  }
}

function readGenesis(root: string, name: string, instead: Tree): string {
  const refuse = (message: string) => networkError(name, [{ path: ["genesis", "kind"], value: "file", message }]);
  const path = genesisFile(name);
  const given = instead.get(path);
  if (given !== undefined) return given;
  if (!existsSync(join(root, path))) throw refuse(`needs ${path}, as \`pnpm run import\` writes it`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(readFileSync(join(root, path)));
  } catch {
    throw refuse(`needs UTF-8 text in ${path}`);
  }
}
