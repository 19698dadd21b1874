import { type GenesisFacts, readGenesis } from "generators/mezod/genesis-facts.ts";
import { formatProblem } from "generators/network/problem.ts";
import { OperatorError } from "generators/operator-error.ts";

/**
 * The facts of a genesis.
 *
 * @throws {OperatorError} when the text is not a genesis. The message names the field and not its value: what stands in
 * the wrong file may be a secret.
 */
export function genesisFacts(text: string): GenesisFacts {
  const read = readGenesis(text);
  if ("facts" in read) return read.facts;
  const { path, message } = read.problem;
  throw new OperatorError(
    path.length === 0 ? "is not a genesis" : `is not a genesis: ${formatProblem({ path, value: undefined, message })}`,
  );
}

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON.
type Json = any;

/** Where two JSON values first differ, as a path such as `app_state.bank.supply[0].amount`; undefined when nowhere. */
export function firstDifference(a: unknown, b: unknown, path = ""): string | undefined {
  if (Object.is(a, b)) return undefined;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return path || "the whole";
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  for (const key of keys) {
    const at = Array.isArray(a) ? `${path}[${key}]` : path ? `${path}.${key}` : key;
    const found = firstDifference((a as Json)[key], (b as Json)[key], at);
    if (found) return found;
  }
  return Array.isArray(a) === Array.isArray(b) ? undefined : path || "the whole";
}
