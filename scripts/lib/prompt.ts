import { once } from "node:events";
import { createInterface, type Interface } from "node:readline/promises";
import { Writable } from "node:stream";
import { UsageError } from "generators/operator-error.ts";

/**
 * Whether the person at the terminal says yes. Ctrl-C and the end of input are a no.
 *
 * @param instead what to do where there is no terminal, such as "pass --yes to write without asking".
 * @throws {UsageError} when there is no terminal.
 */
export async function confirm(question: string, instead: string): Promise<boolean> {
  requireTerminal(instead);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  return /^y(es)?$/i.test(await answer(terminal, `${question} [y/N] `));
}

/** Whether there is a person to ask. */
export const hasTerminal = () => process.stdin.isTTY === true;

/**
 * What the person at the terminal types, or the fallback for nothing. It is asked again while something is wrong with it.
 * Undefined for Ctrl-C and the end of input.
 *
 * @param problem what is wrong with what was typed, if anything is.
 */
export async function ask(
  question: string,
  problem: (typed: string) => string | undefined,
  fallback = "",
): Promise<string | undefined> {
  for (;;) {
    const terminal = createInterface({ input: process.stdin, output: process.stdout });
    const line = await typedLine(terminal, `${question}${fallback && ` [${fallback}]`}: `);
    if (line === undefined) return undefined;
    const typed = line || fallback;
    const wrong = problem(typed);
    if (wrong === undefined) return typed;
    console.log(`  ${typed || "nothing"}: ${wrong}`);
  }
}

/**
 * What the person at the terminal types, without echo; empty at the end of input. Ctrl-C ends the program.
 *
 * @param instead what to do where there is no terminal.
 * @throws {UsageError} when there is no terminal.
 */
export async function askHidden(question: string, instead: string): Promise<string> {
  requireTerminal(instead);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true, historySize: 0 });
  terminal.on("SIGINT", () => process.exit(130));
  process.stderr.write(`${question} (not shown): `);
  const typed = await answer(terminal, "");
  process.stderr.write("\n");
  return typed;
}

function requireTerminal(instead: string): void {
  if (!hasTerminal()) throw new UsageError(`there is no terminal to ask on: ${instead}`);
}

const answer = async (terminal: Interface, question: string) => (await typedLine(terminal, question)) ?? "";

/** Asks once; Ctrl-C and the end of input close the terminal without an answer. */
async function typedLine(terminal: Interface, question: string): Promise<string | undefined> {
  const closed = once(terminal, "close").then(() => undefined);
  const typed = await Promise.race([terminal.question(question).catch(() => undefined), closed]);
  terminal.close();
  return typed?.trim();
}
