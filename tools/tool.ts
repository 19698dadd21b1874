import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { cacheKey, cachePath, makeOnce } from "./cache.ts";
import { go } from "./go.ts";
import { progress } from "./progress.ts";

/** Every tool. The name is also that of the folder with its pin, of its binary and of its command in tools/bin. */
export const toolNames = ["kubeconform", "kubeseal", "kustomize"] as const;
export type ToolName = (typeof toolNames)[number];

/**
 * The path of a tool's binary: the one named by the environment variable (`KUSTOMIZE`, `KUBESEAL`, …), else the pinned
 * version, built on first use. Throws if the variable names no executable file, if Go is missing, or if the build fails.
 */
export async function toolPath(name: ToolName): Promise<string> {
  const variable = name.toUpperCase();
  const named = process.env[variable];
  if (named) return executable(variable, named);

  const { folder, goMod, goSum, main, version } = readPin(name);
  return buildOnce({
    name,
    version,
    folder,
    main,
    pins: [goMod, goSum],
    remedy: `, or set ${variable} to the path of ${name} ${version}`,
  });
}

/** A Go program to build: `main` is its package as seen from `folder`, `pins` is all that decides what comes out. */
export interface GoProgram {
  name: string;
  version: string;
  folder: string;
  main: string;
  pins: string[];
  /** What else to do when Go is missing. */
  remedy?: string;
  cgo?: boolean;
  /** For `go build -ldflags`, such as a version that the program's own build sets. */
  ldflags?: string;
  /** How long a build takes, as a person says it. */
  duration?: string;
}

/** The path of a program's binary, built on first use. Throws if Go is missing or the build fails. */
export function buildOnce({
  name,
  version,
  folder,
  main,
  pins,
  remedy = "",
  cgo = false,
  ldflags = "",
  duration = "a minute",
}: GoProgram) {
  // The Go release is not part of the key: what is built must be found without Go, and outlives an update of Go.
  const key = cacheKey([...pins, ...(ldflags ? [ldflags] : []), process.platform, process.arch]);
  return makeOnce(cachePath("tools", `${name}-${version}-${key}`, name), async (temporary, signal) => {
    const options = { cwd: folder, signal, remedy, cgo };
    const release = (await go(["env", "GOVERSION"], options)).trim();
    const program = `${name} ${version}`;
    const done = progress(`building ${program} with ${release}, once, about ${duration}`, `built ${program}`);
    await go(["build", "-mod=readonly", "-trimpath", `-ldflags=${ldflags}`, "-o", temporary, main], options);
    done();
  });
}

/** The version of a tool that its go.mod pins, such as `v5.8.2`. */
export function toolVersion(name: ToolName): string {
  return readPin(name).version;
}

/** The package of go.mod's `tool` line, and the version of its module: the longest required path the package is in. */
function readPin(name: ToolName) {
  const folder = join(import.meta.dirname, name);
  const [goMod, goSum] = [readFileSync(join(folder, "go.mod"), "utf8"), readFileSync(join(folder, "go.sum"), "utf8")];
  const main = /^tool (\S+)$/m.exec(goMod)?.[1];
  const [pin] = [...goMod.matchAll(/^(?:require)?\s+(\S+) (v\S+)/gm)]
    .map(([, path = "", version = ""]) => ({ path, version }))
    .filter(({ path }) => `${main}/`.startsWith(`${path}/`))
    .sort((a, b) => b.path.length - a.path.length);
  if (!main || !pin)
    throw new OperatorError(`tools/${name}/go.mod needs a \`tool\` line and the required version of its module`);
  return { folder, goMod, goSum, main, version: pin.version };
}

/** The absolute path of a program that an environment variable names. Throws if it is not an executable file. */
export function executable(variable: string, path: string): string {
  try {
    accessSync(path, constants.X_OK);
    if (statSync(path).isFile()) return resolve(path);
  } catch {
    // Missing or not executable: one message for all.
  }
  throw new OperatorError(`${variable}=${path} is not an executable file: give the path of one, or unset ${variable}`);
}
