import { stringify, type ToStringOptions } from "yaml";

/**
 * A value as YAML: keys in the order of `kubectl get -o yaml` (apiVersion, kind, metadata, then the rest by name),
 * lists not indented, no anchors, no folded lines, and every string quoted that a YAML 1.1 or 1.2 parser could read as
 * anything else.
 *
 * The library writes the scalars, each distinct one once, because most of them are in a thousand manifests. The
 * structure around them is written here: a whole document of the library takes four times as long.
 */
export function toYaml(value: unknown): string {
  const lines: string[] = [];
  addLines(lines, value, "", "");
  return `${lines.join("\n")}\n`;
}

/** Adds the lines of a value: the first one after `lead`, the others indented. */
function addLines(lines: string[], value: unknown, indent: string, lead: string): void {
  if (!isCollection(value)) {
    lines.push(lead + scalar(value, indent));
  } else if (Array.isArray(value)) {
    for (const item of value) {
      addLines(lines, item, isCollection(item) ? `${indent}  ` : indent, `${lead}- `);
      lead = indent;
    }
  } else {
    for (const key of inKubernetesOrder(Object.keys(value))) {
      const inner = (value as Record<string, unknown>)[key];
      if (inner === undefined) continue;
      if (isCollection(inner)) {
        lines.push(`${lead}${keyText(key)}:`);
        const innerIndent = Array.isArray(inner) ? indent : `${indent}  `;
        addLines(lines, inner, innerIndent, innerIndent);
      } else {
        lines.push(`${lead}${keyText(key)}: ${scalar(inner, indent)}${comment(key, inner)}`);
      }
      lead = indent;
    }
  }
}

/** A file mode in octal, as people know it. The number itself is decimal, because YAML 1.2 reads 0440 as 440. */
const comment = (key: string, value: unknown) =>
  key === "defaultMode" && typeof value === "number" ? ` # 0${value.toString(8)}` : "";

/** Whether a value is written on lines of its own. */
const isCollection = (value: unknown): value is object =>
  typeof value === "object" && value !== null && Object.values(value).some((inner) => inner !== undefined);

/** The text of a scalar or of an empty collection. The lines of a literal block are indented, except for empty ones. */
function scalar(value: unknown, indent: string): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[]" : "{}";
  const text = scalarText(value);
  return indent !== "" && text.includes("\n") ? text.replace(/\n(?!\n|$)/g, `\n${indent}`) : text;
}

const keyText = once((key: string) =>
  written({ [key]: 0 }, { ...styleOf(key), blockQuote: false }).slice(0, -": 0".length),
);

/** The text of a scalar. The lines of a literal block are indented by two. */
const scalarText = once((value: unknown) =>
  written({ k: value }, { ...styleOf(value), defaultKeyType: "PLAIN" }).slice("k: ".length),
);

function written(pair: object, style: ToStringOptions): string {
  const text = stringify(pair, { ...options, ...style }).slice(0, -1);
  return text.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** A function that computes the text of each distinct value once. */
function once<Value>(compute: (value: Value) => string): (value: Value) => string {
  const known = new Map<Value, string>();
  return (value) => {
    const text = known.get(value) ?? compute(value);
    known.set(value, text);
    return text;
  };
}

const options = {
  compat: "yaml-1.1",
  lineWidth: 0,
  doubleQuotedMinMultiLineLength: Number.POSITIVE_INFINITY,
} as const;

// Characters that YAML does not allow, or that only YAML 1.1 reads as line breaks. The library writes them unescaped.
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;

// A text whose lines a literal block shows as they are. Any other text of several lines is quoted, with escapes.
const script = /^\S(?!.*( \n|\n\n$))[^\t\r]*\n$/s;

// A text that begins like a number. Kubernetes' quantities do too but stay plain: every parser reads "100Gi" as text.
const numeric = /^(?!\d+(\.\d+)?(m|[kMGTP]i?)$)[-+]?[._]*\d/;

function styleOf(value: unknown): ToStringOptions {
  if (typeof value !== "string") return {};
  if (script.test(value) && value.search(unprintable) < 0) return { defaultStringType: "PLAIN", blockQuote: "literal" };
  const isQuoted = value.includes("\n") || value.search(unprintable) >= 0 || numeric.test(value);
  return { defaultStringType: isQuoted ? "QUOTE_DOUBLE" : "PLAIN", blockQuote: false };
}

const leading = ["apiVersion", "kind", "metadata"];

function inKubernetesOrder(keys: string[]): string[] {
  return [...leading.filter((key) => keys.includes(key)), ...keys.filter((key) => !leading.includes(key)).sort()];
}
