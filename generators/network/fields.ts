import * as v from "valibot";
import { networkSchema } from "./schema.ts";

/** A field that a network may say. */
export interface Field {
  /** Where it stands, such as `chain.id` or `clients[].ports`. */
  path: string;
  isRequired: boolean;
  /** What counts where it is left out; undefined where nothing does. */
  fallback: unknown;
  /** What its value must be, in words; empty where the fields below it say so. */
  form: string;
}

/** A schema of the library, as far as a walk through it looks. */
interface Node {
  type: string;
  kind: "schema" | "validation" | "transformation" | "metadata";
  entries?: Readonly<Record<string, Node>>;
  wrapped?: Node;
  default?: unknown;
  item?: Node;
  options?: readonly (Node | string)[];
  literal?: unknown;
  pipe?: readonly Node[];
  message?: unknown;
}

/** Every field of a network, each before those below it, in the order of the schema. */
export function networkFields(): Field[] {
  const found = new Map<string, Field>();
  for (const field of fieldsIn(networkSchema as unknown as Node, "")) {
    // Several forms of one object may have the field.
    if (!found.has(field.path)) found.set(field.path, field);
  }
  return [...found.values()];
}

function* fieldsIn(node: Node, path: string): Iterable<Field> {
  const { entries, item, options = [] } = bare(node);
  for (const [key, entry] of Object.entries(entries ?? {})) {
    const at = [path, key].filter(Boolean).join(".");
    const isRequired = entry.type !== "optional";
    yield { path: at, isRequired, fallback: entry.default, form: formOf(entry) };
    yield* fieldsIn(entry, at);
  }
  if (item) yield* fieldsIn(item, `${path}[]`);
  for (const option of options) if (typeof option === "object") yield* fieldsIn(option, path);
}

/** The schema of a value, without what says that it may be missing, or that an object is no list. */
function bare(node: Node): Node {
  if (node.wrapped) return bare(node.wrapped);
  const second =
    node.type === "custom" ? node.pipe?.find(({ kind, type }) => kind === "schema" && type !== "custom") : undefined;
  return second ? bare(second) : node;
}

/** What a value must be, in the words of the schema's own messages. */
function formOf(node: Node): string {
  const { type, entries, item, pipe = [], literal, message } = bare(node);
  if (entries) return "";
  if (item) return ["a list", formOf(item) && `, each ${formOf(item)}`].join("");
  if (literal !== undefined) return JSON.stringify(literal);
  if (type === "record") return "an object with keys of your own";
  const said = [message ?? wordsOf(node), ...pipe.map((step) => step.message)].filter(
    (each) => typeof each === "string",
  );
  return [...new Set(said.map((each) => each.replace(/^must be /, "")))].join("; ");
}

const wordsOf = (node: Node) => (node.wrapped ? node.wrapped.message : undefined);

/**
 * What is wrong with the value of one field, in the schema's own words; undefined where nothing is.
 *
 * @param path of the field, as `networkFields` has it.
 */
export function fieldProblem(path: string, value: unknown): string | undefined {
  const { issues } = v.safeParse(schemaAt(path) as unknown as v.GenericSchema, value, { abortPipeEarly: true });
  return issues?.[0].message;
}

function schemaAt(path: string): Node {
  const steps = path.replaceAll("[]", ".[]").split(".");
  return steps.reduce<Node>(
    (node, step) => {
      const { entries, item } = bare(node);
      const next = step === "[]" ? item : entries?.[step];
      if (!next) throw new Error(`a network has no field ${path}`);
      return next;
    },
    networkSchema as unknown as Node,
  );
}
