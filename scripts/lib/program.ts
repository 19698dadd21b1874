import { shellWord } from "tools/shell-word.ts";
import { $, type ProcessPromise } from "zx/core";

/**
 * Runs a program without showing its output; the caller judges its exit code. zx runs programs with bash, which a machine
 * may not have; every machine has a POSIX shell.
 */
export const quietly = $({
  nothrow: true,
  quiet: true,
  shell: "/bin/sh",
  prefix: "",
  postfix: "",
  quote: shellWord,
});

/** Gives a program its input. One that ends without reading all of it is known by its exit code, not by a broken pipe. */
export function withInput(program: ProcessPromise, input: string): ProcessPromise {
  // One that could not be started has no input; what it ends with says so.
  program.stdin?.on("error", () => {});
  program.stdin?.end(input);
  return program;
}
