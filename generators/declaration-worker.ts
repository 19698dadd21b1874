import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import type { Loaded } from "./declaration.ts";
import { plainProblems } from "./network/plain.ts";
import { networkError } from "./network/problem.ts";

const { file, name } = workerData as { file: string; name: string };

const say = (loaded: Loaded) => parentPort?.postMessage(loaded);
const refuse = (message: string) =>
  say({ problems: networkError(name, [{ path: [], value: undefined, message }]).message });

// Nothing is left to do, but the import has not ended.
const onIdle = () => say({ unfinished: true });
process.once("beforeExit", onIdle);

// Not awaited at the top level: Node would print a warning of its own about an import that never ends.
import(pathToFileURL(file).href)
  .then(async (module: { default?: unknown }) => {
    // A rejection that nobody handles is known only after this turn.
    await new Promise((resolve) => setImmediate(resolve));
    const left = process.getActiveResourcesInfo();
    const problems = [...plainProblems(module.default)];
    if (left.length > 0)
      refuse(`leaves something running (${[...new Set(left)].join(", ")}); it must only export a declaration`);
    else if (problems.length > 0) say({ problems: networkError(name, problems).message });
    else say({ declaration: module.default });
  })
  .catch((error: unknown) => refuse(`can't be read: ${(error as Error)?.message ?? error}`))
  .finally(() => process.off("beforeExit", onIdle));
