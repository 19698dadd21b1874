import type { ProcessPromise } from "zx/core";

/** Gives a program its input. One that ends without reading it all says why by its exit code, not by a broken pipe here. */
export function feed(program: ProcessPromise, input: string): ProcessPromise {
  program.stdin.on("error", () => {});
  program.stdin.end(input);
  return program;
}
