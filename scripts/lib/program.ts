import { $, type ProcessPromise } from "zx/core";

/** Runs a program that says something and ends; nothing of it is shown, and its exit code is the caller's to judge. */
export const quietly = $({ nothrow: true, quiet: true });

/** Gives a program its input. One that ends without reading it all says why by its exit code, not by a broken pipe here. */
export function withInput(program: ProcessPromise, input: string): ProcessPromise {
  // One that could not be started has no input; what it ends with says so.
  program.stdin?.on("error", () => {});
  program.stdin?.end(input);
  return program;
}
