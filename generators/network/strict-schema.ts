import * as v from "valibot";
import { type Problem, valueAt } from "./problem.ts";

const isMapping = (value: unknown) => Object.prototype.toString.call(value) === "[object Object]";

/** A schema of objects that refuses lists and the like, which the library takes for objects. */
export const asObject = <Input, Output>(
  schema: v.GenericSchema<Input, Output>,
  expected = "must be of type object",
): v.GenericSchema<Input, Output> => v.pipe(v.custom<Input>(isMapping, expected), schema);

/** What an object holds by its keys; any other key is a problem that names those there are. */
export const keys = <const T extends v.ObjectEntries>(entries: T) =>
  v.objectWithRest(
    entries,
    v.never(`unknown key; the keys here are ${Object.keys(entries).join(", ")}`),
    // The library's type for it lets any further key be.
  ) as unknown as v.StrictObjectSchema<T, undefined>;

/** An object of these keys alone. */
export const strict = <const T extends v.ObjectEntries>(entries: T) => asObject(keys(entries));

/** An object of any keys that hold the same. */
export const table = <Input, Output>(value: v.GenericSchema<Input, Output>) =>
  asObject(v.record(v.string(), value), "must be of type record");

/** Text of a pattern. */
export const text = (pattern: RegExp, expected: string) =>
  v.pipe(v.string(`must be ${expected}`), v.regex(pattern, `must be ${expected}`));

/**
 * What a schema makes of a value.
 *
 * @throws {Error} that `refuse` makes of all problems.
 */
export function checked<T extends v.GenericSchema>(
  schema: T,
  value: unknown,
  refuse: (problems: Problem[]) => Error,
): v.InferOutput<T> {
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

/** Says what is right where a schema does not itself. */
const expected = ({ type }: v.BaseIssue<unknown>) => `must be ${type === "array" ? "a list" : `of type ${type}`}`;
