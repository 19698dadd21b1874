import { $ } from "tools/shell.ts";
import type { ProcessPromise } from "zx/core";

/** Runs a program without showing its output; the caller judges its exit code. */
export const quietly = $({ nothrow: true, quiet: true });

/** Gives a program its input. One that ends without reading all of it is known by its exit code, not by a broken pipe. */
export function withInput(program: ProcessPromise, input: string): ProcessPromise {
  // One that could not be started has no input; what it ends with says so.
  program.stdin?.on("error", () => {});
  program.stdin?.end(input);
  return program;
}
