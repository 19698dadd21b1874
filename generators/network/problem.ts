import { OperatorError } from "../operator-error.ts";
import { networkFile } from "./paths.ts";

/** One thing that is wrong with an input: its path, the value there, and what would be right. */
export interface Problem {
  path: readonly PropertyKey[];
  value: unknown;
  message: string;
}

/** The error for a network with problems. Its message names the network's file and lists every problem on a line. */
export const networkError = (network: string, problems: readonly Problem[]) =>
  new OperatorError([`${networkFile(network)}:`, ...problems.map((each) => `  ${formatProblem(each)}`)].join("\n"));

/** A problem on one line: `validators[2].nodeId: "xyz" must be …`. */
export function formatProblem({ path, value, message }: Problem): string {
  return `${formatPath(path)}: ${value === undefined ? "" : `${abbreviate(value)} `}${message}`;
}

/** The value at a path, or undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined | null)?.[key], root);
}

/** A path as people write it: `validators[2].nodeId`. */
export function formatPath(path: readonly PropertyKey[]): string {
  const steps = path.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return /^\w+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(key)}]`;
  });
  return steps.join("").replace(/^\./, "") || "network";
}

function abbreviate(value: unknown): string {
  // JSON has neither NaN nor BigInt.
  const isPlain = ["number", "bigint"].includes(typeof value);
  const json = (isPlain ? undefined : JSON.stringify(value)) ?? String(value);
  return json.length > 90 ? `${json.slice(0, 87)}…` : json;
}
