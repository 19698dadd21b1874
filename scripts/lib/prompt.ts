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
  if (!process.stdin.isTTY) throw new UsageError(`there is no terminal to ask on: ${instead}`);
}

/** Asks once; Ctrl-C and the end of input close the terminal without an answer. */
async function answer(terminal: Interface, question: string): Promise<string> {
  const closed = once(terminal, "close").then(() => "");
  const typed = await Promise.race([terminal.question(question).catch(() => ""), closed]);
  terminal.close();
  return typed.trim();
}
