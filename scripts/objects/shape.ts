/**
 * What a value must be, as data: an object of exactly these fields, a list of exactly these items, a fixed value, or one
 * of the tests below. Whatever a shape does not name is refused.
 */
export type Shape = string | number | boolean | Test | readonly Shape[] | { readonly [key: string]: Shape | undefined };

/** A value that differs from its shape. */
export interface Difference {
  field: string;
  message: string;
}

/** A shape that is not a fixed value. */
class Test {
  readonly differences: (value: unknown, field: string) => Iterable<Difference>;
  constructor(differences: Test["differences"]) {
    this.differences = differences;
  }
}

/** Any text that matches a pattern. */
export const text = (pattern: RegExp, expected: string): Test =>
  new Test(function* (value, field) {
    if (typeof value === "string" && pattern.test(value)) return;
    yield { field, message: `must be ${expected}, is ${shown(value)}` };
  });

/** Any number of some unit; another rule says how great it must be. */
export const numberOf = (unit: string): Test =>
  new Test(function* (value, field) {
    if (typeof value !== "number") yield { field, message: `must be a number of ${unit}, is ${shown(value)}` };
  });

/** The name of a ConfigMap with the hash that Kustomize appends. */
export const hashed = (name: string): Test =>
  text(new RegExp(`^${name}-[a-z0-9]{10}$`), `${name} with the hash of its content`);

/** A shape of what may be missing. */
export const optional = (shape: Shape): Test =>
  new Test((value, field) => (value === undefined ? [] : differences(shape, value, field)));

/** One of some shapes; what is said of a value that has none of them is how it differs from the last. */
export const oneOf = (...shapes: readonly Shape[]): Test =>
  new Test(function* (value, field) {
    const found = shapes.map((shape) => [...differences(shape, value, field)]);
    if (found.every(({ length }) => length > 0)) yield* found.at(-1) ?? [];
  });

/** A list in any order, whose items are told apart by one of their fields. */
export const listed = (key: string, items: readonly { readonly [key: string]: Shape | undefined }[]): Test =>
  new Test(function* (value, field) {
    const present = Array.isArray(value) ? value : [];
    for (const item of items) {
      const place = present.findIndex((each) => each?.[key] === item[key]);
      if (place === -1) yield { field, message: `must have ${key} ${shown(item[key])}` };
      else yield* differences(item, present[place], `${field}[${place}]`);
    }
    for (const [place, each] of present.entries()) {
      const isKnown = items.some((item) => item[key] === each?.[key]);
      const isFirst = present.findIndex((other) => other?.[key] === each?.[key]) === place;
      if (!isKnown || !isFirst) yield { field: `${field}[${place}]`, message: `must not be there: ${shown(each)}` };
    }
  });

/** Where a value differs from its shape, field by field. */
export function* differences(shape: Shape, value: unknown, field = ""): Iterable<Difference> {
  if (shape instanceof Test) yield* shape.differences(value, field);
  else if (Array.isArray(shape)) yield* ofList(shape, value, field);
  else if (typeof shape === "object") yield* ofObject(shape as { [key: string]: Shape | undefined }, value, field);
  else if (value !== shape) yield { field, message: `must be ${shown(shape)}, is ${shown(value)}` };
}

function* ofList(shape: readonly Shape[], value: unknown, field: string): Iterable<Difference> {
  const present = Array.isArray(value) ? value : [];
  for (const [i, item] of shape.entries()) yield* differences(item, present[i], `${field}[${i}]`);
  for (const [i, item] of present.entries()) {
    if (i >= shape.length) yield { field: `${field}[${i}]`, message: `must not be there: ${shown(item)}` };
  }
  if (shape.length === 0 && !Array.isArray(value)) yield { field, message: `must be [], is ${shown(value)}` };
}

function* ofObject(shape: { [key: string]: Shape | undefined }, value: unknown, field: string): Iterable<Difference> {
  if (Object.prototype.toString.call(value) !== "[object Object]") {
    yield { field, message: `must have ${Object.keys(shape).join(", ") || "no field"}, is ${shown(value)}` };
    return;
  }
  const present = value as Record<string, unknown>;
  for (const [key, wanted] of Object.entries(shape)) {
    if (wanted !== undefined) yield* differences(wanted, present[key], fieldIn(field, key));
  }
  for (const [key, extra] of Object.entries(present)) {
    if (shape[key] === undefined) yield { field: fieldIn(field, key), message: `must not be set, is ${shown(extra)}` };
  }
}

/** A field's path as findings write it: keys that are no plain words stand in brackets. */
const fieldIn = (field: string, key: string) =>
  /^\w+$/.test(key) ? [field, key].filter(Boolean).join(".") : `${field}["${key}"]`;

/** A value in a message, cut where it is long. */
function shown(value: unknown): string {
  if (value === undefined) return "missing";
  const json = value instanceof Test ? "a certain value" : JSON.stringify(value);
  const plain = typeof value === "string" && value !== "" && !/\s/.test(value) ? value : json;
  return plain.length > 120 ? `${plain.slice(0, 117)}…` : plain;
}
