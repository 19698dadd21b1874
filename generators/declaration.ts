import { lstatSync } from "node:fs";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { kindOf } from "./files.ts";
import { networkFile, validatorsFile } from "./network/paths.ts";
import { networkError } from "./network/problem.ts";
import type { NetworkDeclaration } from "./network/schema.ts";
import { OperatorError } from "./operator-error.ts";

const limitSeconds = 10;

/** What the worker says of a network's file. */
export type Loaded = { declaration: unknown } | { problems: string } | { unfinished: true };

/**
 * The declaration that a network's file exports. The file runs in a thread of its own, because it is a program: one that
 * exits, loops or changes what it exported later affects nothing but itself.
 *
 * @throws {OperatorError} when the file can't be loaded, or exports anything but plain data of that name.
 */
export async function importDeclaration(root: string, name: string): Promise<NetworkDeclaration> {
  const refuse = (path: string[], value: unknown, message: string) => networkError(name, [{ path, value, message }]);
  const loaded = await load(root, name);
  if (typeof loaded === "string") throw refuse([], undefined, loaded);
  if ("problems" in loaded) throw new OperatorError(loaded.problems);
  const declaration = "declaration" in loaded ? (loaded.declaration as NetworkDeclaration) : undefined;
  if (typeof declaration !== "object" || declaration === null) {
    throw refuse([], undefined, "is missing: write `export default { … } satisfies NetworkDeclaration`");
  }
  if (declaration.name !== name) throw refuse(["name"], declaration.name, `must be "${name}", the name of its file`);
  if ("validators" in declaration)
    throw refuse(["validators"], undefined, `must be in ${validatorsFile(name)}, not here`);
  return declaration;
}

/**
 * Refuses networks' files that are links, folders or the like. All are looked at before one is loaded, because one network
 * may import another, and a thread that waits for what a FIFO holds can't be ended.
 *
 * @throws {OperatorError} listing every one.
 */
export function refuseOddFiles(root: string, names: readonly string[]): void {
  const errors = names.flatMap((name) => {
    const stats = lstatSync(join(root, networkFile(name)));
    if (stats.isFile()) return [];
    const message = `can't be read: it is ${kindOf(stats)}, not a file`;
    return [networkError(name, [{ path: [], value: undefined, message }]).message];
  });
  if (errors.length > 0) throw new OperatorError(errors.join("\n"));
}

/** What the file exports, or what is wrong with it as a program. */
function load(root: string, name: string): Promise<Loaded | string> {
  const worker = new Worker(join(import.meta.dirname, "declaration-worker.ts"), {
    workerData: { file: join(root, networkFile(name)), name },
    execArgv: [],
  });
  return new Promise<Loaded | string>((resolve) => {
    const limit = setTimeout(
      () => resolve(`is still not loaded after ${limitSeconds} s: a loop or an await in it never ends`),
      limitSeconds * 1000,
    );
    worker.once("message", (loaded: Loaded) =>
      resolve("unfinished" in loaded ? "is never loaded: an await in it never ends" : loaded),
    );
    worker.once("error", (error: Error) => resolve(`fails while it is loaded: ${error?.message ?? error}`));
    worker.once("exit", (code) => {
      clearTimeout(limit);
      resolve(`ends the process, with exit code ${code}, while it is loaded; it must only export a declaration`);
    });
  }).finally(() => worker.terminate());
}
