import { existsSync, readdirSync, readFileSync } from "node:fs";
import { type RegisterHooksOptions, registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { genesisFile, NetworkError, networkFile, networksFolder } from "./network/problem.ts";
import { defineNetwork, isDefined, type Network } from "./network/schema.ts";
import { checksumsOf, keystoresFolder, lockFile, parseLock } from "./network/seal-lock.ts";
import type { Source } from "./render.ts";
import type { Tree } from "./tree.ts";

/** Networks that can't be used; the message says of each file what is wrong with it. */
export class LoadError extends Error {
  override name = "LoadError";
}

/**
 * Every network declared in generators/networks, with what stands beside it on disk.
 *
 * @param instead content that counts in place of a file's own, by path; the file need not exist.
 * @throws {LoadError} with every problem of every file.
 */
export async function loadSources(root: string, instead: Tree = new Map()): Promise<Source[]> {
  const names = filesIn(join(root, networksFolder))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.replace(/\.ts$/, ""))
    .sort();
  if (names.length === 0)
    throw new LoadError(`${networksFolder}: no network is declared here; add one, such as staging.ts`);
  const hooks = instead.size > 0 ? registerHooks(readInstead(root, instead)) : undefined;
  const loaded = await Promise.allSettled(names.map((name) => loadSource(root, name, instead)));
  hooks?.deregister();
  // A network made from another one fails with it: the same message once is enough.
  const messages = new Set(loaded.flatMap((result) => (result.status === "rejected" ? [result.reason.message] : [])));
  if (messages.size > 0) throw new LoadError([...messages].join("\n"));
  return loaded.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
}

const filesIn = (folder: string) => (existsSync(folder) ? readdirSync(folder) : []);

async function loadSource(root: string, name: string, instead: Tree): Promise<Source> {
  const network = await importNetwork(root, name);
  if (network.name !== name) {
    throw new NetworkError(name, [
      { path: ["name"], value: network.name, message: `must be "${name}", as its file is named` },
    ]);
  }
  return {
    network,
    ...(network.genesis.kind === "file" && { genesisFile: readGenesis(root, name, instead) }),
    ...readKeystores(root, name, instead),
  };
}

async function importNetwork(root: string, name: string): Promise<Network> {
  const refuse = (message: string) => new NetworkError(name, [{ path: [], value: undefined, message }]);
  let module: { default?: Network };
  try {
    module = await import(pathToFileURL(join(root, networkFile(name))).href);
  } catch (error) {
    throw error instanceof NetworkError ? error : refuse(`can't be read: ${messageOf(error)}`);
  }
  if (!module.default?.validators) {
    throw refuse("the file has no network as its default export: `export default defineNetwork({ … })`");
  }
  if (isDefined(module.default)) return module.default;
  // What the file did not define is a declaration, as good or bad as any.
  return defineNetwork({ ...module.default, name: module.default.name ?? name });
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** Lets a network import a JSON file as it would be. */
function readInstead(root: string, instead: Tree): RegisterHooksOptions {
  const sources = new Map([...instead].map(([path, content]) => [pathToFileURL(join(root, path)).href, content]));
  return {
    resolve(specifier, context, next) {
      const url = URL.parse(specifier, context.parentURL)?.href ?? "";
      return sources.has(url) ? { url, format: "json", shortCircuit: true } : next(specifier, context);
    },
    load(url, context, next) {
      const source = sources.get(url);
      return source === undefined ? next(url, context) : { format: "json", source, shortCircuit: true };
    },
  };
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
    throw new LoadError(`${path}: can't be read (${(error as NodeJS.ErrnoException).code}): take it back from git`);
  }
}

function readGenesis(root: string, name: string, instead: Tree): string {
  const refuse = (message: string) => new NetworkError(name, [{ path: ["genesis", "kind"], value: "file", message }]);
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
