import { OperatorError } from "generators/operator-error.ts";
import { type ToolName, toolPath } from "./tool.ts";

/** Becomes the tool: same arguments, streams, signals and exit code. Prints `error: …` and exits 1 if it cannot be had. */
export async function run(name: ToolName): Promise<void> {
  try {
    const path = await toolPath(name);
    // Replaces this process: a child would need every signal and its exit status passed on by hand.
    process.execve?.(path, [path, ...process.argv.slice(2)]);
    throw new OperatorError(`${process.platform} cannot replace a process: run ${path} itself`);
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
