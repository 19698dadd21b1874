import { type ExecFileOptions, execFile } from "node:child_process";
import { promisify } from "node:util";
import { OperatorError } from "generators/operator-error.ts";

export interface GoOptions {
  cwd: string;
  /** Ends the command early. */
  signal: AbortSignal;
  /** What else the operator can do when Go is missing; follows the advice to install it. */
  remedy?: string;
  /** Whether the build needs a C compiler. */
  cgo?: boolean;
}

/** Unsets what a person may have set for other work and what would change the build. GOPROXY and the like stay. */
const environment = {
  // Not empty: an empty value means "what `go env -w` says".
  GOFLAGS: "-mod=readonly",
  GOWORK: "off",
  GOOS: undefined,
  GOARCH: undefined,
};

/**
 * Runs `go` and returns its standard output.
 *
 * @throws {OperatorError} when Go is missing or fails.
 */
export async function go(args: string[], { cwd, signal, remedy = "", cgo = false }: GoOptions): Promise<string> {
  const env = { ...process.env, ...environment, CGO_ENABLED: cgo ? "1" : "0" };
  // Go removes its work folder only on SIGINT.
  const options: ExecFileOptions = { cwd, env, signal, killSignal: "SIGINT", maxBuffer: 2 ** 26 };
  try {
    return String((await promisify(execFile)("go", args, options)).stdout);
  } catch (error) {
    const { code, message, stdout = "", stderr = "" } = error as Error & Partial<Record<string, string>>;
    if (code === "ENOENT") {
      throw new OperatorError(`Go is not on the PATH: install Go 1.26 or newer from your package manager${remedy}`);
    }
    const tail = `${stdout}\n${stderr}`.trim().split("\n").slice(-20).join("\n");
    throw new OperatorError(`go ${args.join(" ")} failed:\n${tail || message}`);
  }
}
