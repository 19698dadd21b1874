/** One thing that is wrong with an input: where, what stands there, and what would be right. */
export interface Problem {
  path: readonly PropertyKey[];
  value: unknown;
  message: string;
}

/** A network declaration with problems; the message names the network's file and lists them all, a line each. */
export class NetworkError extends Error {
  override name = "NetworkError";
  readonly problems: readonly Problem[];

  constructor(network: string, problems: readonly Problem[]) {
    super([`${networkFile(network)}:`, ...problems.map((problem) => `  ${formatProblem(problem)}`)].join("\n"));
    this.problems = problems;
  }
}

/** Where a network is declared. */
export const networksFolder = "generators/networks";
export const networkFile = (network: string) => `${networksFolder}/${network}.ts`;

/** What `pnpm run import` writes of a network: its validators' public facts, and its genesis where that is a file. */
export const validatorsFile = (network: string) => `${networksFolder}/${network}/validators.json`;
export const genesisFile = (network: string) => `${networksFolder}/${network}/genesis.json`;

/** `validators[2].nodeId: "xyz" must be …` on one line. */
export function formatProblem({ path, value, message }: Problem): string {
  return `${formatPath(path)}: ${value === undefined ? "" : `${abbreviate(value)} `}${message}`;
}

/** The value at a path, undefined where the path leads nowhere. */
export function valueAt(root: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined | null)?.[key], root);
}

function formatPath(path: readonly PropertyKey[]): string {
  const steps = path.map((key) => {
    if (typeof key === "number") return `[${key}]`;
    return /^\w+$/.test(String(key)) ? `.${String(key)}` : `[${JSON.stringify(key)}]`;
  });
  return steps.join("").replace(/^\./, "") || "network";
}

function abbreviate(value: unknown): string {
  // JSON knows neither NaN nor a BigInt.
  const isPlain = ["number", "bigint"].includes(typeof value);
  const json = (isPlain ? undefined : JSON.stringify(value)) ?? String(value);
  return json.length > 90 ? `${json.slice(0, 87)}…` : json;
}
