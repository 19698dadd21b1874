import * as v from "valibot";
import { plainProblems } from "./plain.ts";
import { type Problem, valueAt } from "./problem.ts";

const isMapping = (value: unknown) => Object.prototype.toString.call(value) === "[object Object]";

/** A schema of objects that refuses lists and the like, which the library accepts as objects. */
export const asObject = <Input, Output>(
  schema: v.GenericSchema<Input, Output>,
  expected = "must be an object",
): v.GenericSchema<Input, Output> => v.pipe(v.custom<Input>(isMapping, expected), schema);

/** An object's fields. Any other key is a problem whose message lists the known ones. */
export const keys = <const T extends v.ObjectEntries>(entries: T) =>
  v.objectWithRest(
    entries,
    v.never(`unknown key; the keys here are ${Object.keys(entries).join(", ")}`),
    // The library's type for it allows further keys.
  ) as unknown as v.StrictObjectSchema<T, undefined>;

/** An object of these keys and no others. */
export const strict = <const T extends v.ObjectEntries>(entries: T) => asObject(keys(entries));

/** An object of any keys, all with values of one kind. */
export const table = <Input, Output>(value: v.GenericSchema<Input, Output>) => asObject(v.record(v.string(), value));

/** Text that matches a pattern. */
export const text = (pattern: RegExp, expected: string) =>
  v.pipe(v.string(`must be ${expected}`), v.regex(pattern, `must be ${expected}`));

/** A sentence that says why. */
export const reason = (expected: string) => v.pipe(v.string("must be a sentence"), v.trim(), v.minLength(10, expected));

/**
 * A value as a schema reads it.
 *
 * @throws {Error} what `refuse` returns for all problems, when there are any.
 */
export function checked<T extends v.GenericSchema>(
  schema: T,
  value: unknown,
  refuse: (problems: Problem[]) => Error,
): v.InferOutput<T> {
  const odd = [...plainProblems(value)];
  if (odd.length > 0) throw refuse(odd);
  const { success, output, issues } = v.safeParse(schema, value, { message: expected, abortPipeEarly: true });
  if (success) return output;
  throw refuse(
    issues.map((issue) => {
      const path = (issue.path ?? []).map(({ key }) => key as PropertyKey);
      const found = valueAt(value, path);
      return { path, value: found, message: found === undefined ? "is missing" : issue.message };
    }),
  );
}

/** The message for a schema that has none of its own. */
const expected = ({ type }: v.BaseIssue<unknown>) => `must be ${type === "array" ? "a list" : `a ${type}`}`;
