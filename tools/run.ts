import { OperatorError } from "generators/operator-error.ts";
import { type ToolName, toolPath } from "./tool.ts";

/**
 * Turns this process into the tool, with the same arguments, streams, signals and exit code. Where the tool cannot be
 * had, it prints `error: …` and exits with 1.
 */
export async function run(name: ToolName): Promise<void> {
  try {
    const path = await toolPath(name);
    // A child process would need every signal, and its exit status, passed on by hand.
    process.execve?.(path, [path, ...process.argv.slice(2)]);
    throw new OperatorError(`${process.platform} cannot replace a process: run ${path} itself`);
  } catch (error) {
    console.error(`error: ${(error as Error).message}`);
    process.exitCode = 1;
  }
}
