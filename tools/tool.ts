import { accessSync, constants, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { type GoProgram, goProgram } from "./build/go-program.ts";

/** Every tool. A tool's name is also that of its binary, of its command in tools/bin and of the folder that pins it. */
export const toolNames = [
  "actionlint",
  "gitleaks",
  "kube-score",
  "kubeconform",
  "kubeseal",
  "kustomize",
  "promtool",
] as const;
export type ToolName = (typeof toolNames)[number];

/** What the builds of a tool's own releases set. Without it gitleaks takes twice as long, and neither it nor kube-score knows its version. */
const settings: Partial<Record<ToolName, (version: string) => Pick<GoProgram, "tags" | "ldflags">>> = {
  gitleaks: (version) => ({
    tags: "gore2regex",
    ldflags: `-X github.com/zricethezav/gitleaks/v8/version.Version=${version.slice(1)}`,
  }),
  // Without the clients of every cloud, which would look for what to collect and test no rule.
  promtool: () => ({ tags: "remove_all_sd" }),
  "kube-score": (version) => ({ ldflags: `-X main.version=${version.slice(1)}` }),
};

/**
 * The path of a tool's binary: the one that the environment variable names (`KUSTOMIZE`, `KUBESEAL`, …), else the pinned
 * version, built on first use.
 *
 * @throws {OperatorError} when the variable names no executable file, Go is missing, or the build fails.
 */
export async function toolPath(name: ToolName): Promise<string> {
  const variable = name.toUpperCase().replaceAll("-", "_");
  const path = process.env[variable];
  if (path) return executable(variable, path);

  const { folder, goMod, goSum, main, version } = readPin(name);
  return goProgram({
    name,
    version,
    folder,
    main,
    pins: [goMod, goSum],
    ...settings[name]?.(version),
    remedy: `, or set ${variable} to the path of ${name} ${version}`,
  });
}

/** The version of a tool that its go.mod pins, such as `v5.8.2`. */
export function toolVersion(name: ToolName): string {
  return readPin(name).version;
}

/** The package of go.mod's `tool` line, and the version of its module: the longest required path that contains it. */
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

/**
 * The absolute path of a program that an environment variable names.
 *
 * @throws {OperatorError} when it is not an executable file.
 */
export function executable(variable: string, path: string): string {
  try {
    accessSync(path, constants.X_OK);
    if (statSync(path).isFile()) return resolve(path);
  } catch {
    // A missing file and one that cannot be executed get the same message.
  }
  throw new OperatorError(`${variable}=${path} is not an executable file: give the path of one, or unset ${variable}`);
}
