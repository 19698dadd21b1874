import { type ParseArgsConfig, parseArgs } from "node:util";
import { OperatorError, UsageError } from "generators/operator-error.ts";

/**
 * Runs a command. It exits with the code that `main` returns, with 1 when something is wrong with the input or the
 * machine, and with 2 when it was called wrongly.
 */
export async function run(usage: string, main: () => Promise<number>): Promise<void> {
  endWithoutOutput();
  if (process.argv.slice(2).some((argument) => argument === "--help" || argument === "-h")) {
    process.stdout.write(usage);
    return;
  }
  try {
    process.exitCode = await main();
  } catch (error) {
    process.exitCode = report(error, usage);
  }
}

/** A command whose output is lost says so and fails: nobody has seen what it found. */
function endWithoutOutput(): void {
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => {
    process.stderr.write(`error: the output can't be written (${code})\n`);
    process.exit(1);
  });
  process.stderr.on("error", () => process.exit(1));
}

/**
 * The command's options and arguments.
 *
 * @throws {UsageError} for an unknown option.
 */
export function args<T extends NonNullable<ParseArgsConfig["options"]>>(options: T) {
  try {
    return parseArgs({ options, allowPositionals: true, args: process.argv.slice(2).filter((word) => word !== "--") });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

function report(error: unknown, usage: string): number {
  if (!(error instanceof Error)) throw error;
  if (error instanceof UsageError) {
    console.error(`error: ${error.message}\n${usage.split("\n")[0]}   (--help explains)`);
    return 2;
  }
  // What the operating system refuses, such as a write to a full disk, is for the operator, too.
  const isForOperator = error instanceof OperatorError || typeof (error as NodeJS.ErrnoException).syscall === "string";
  console.error(`error: ${isForOperator ? error.message : error.stack}`);
  return 1;
}
