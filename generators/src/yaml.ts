import { DEFAULT_SCALAR_STYLE_RULES, dump, SCALAR_STYLE, type ScalarLayout, strTag } from "js-yaml";

/**
 * The one YAML writer: keys in the order `kubectl get -o yaml` shows (apiVersion, kind and metadata lead, the rest by
 * name), lists not indented, no anchors, no folded lines, and every string quoted that a YAML 1.1 or 1.2 parser could
 * take for something else.
 *
 * The library writes the scalars, each once, for most of them stand in a thousand manifests; what is plain at a glance
 * and the structure around it are put together here.
 */
export function toYaml(value: unknown): string {
  const lines: string[] = [];
  if (isCollection(value)) addLines(lines, value, "", "");
  else lines.push(scalar(value, ""));
  return `${lines.join("\n")}\n`;
}

/** Adds the lines of a collection that is not empty, the first one behind `lead`, the others indented. */
function addLines(lines: string[], collection: object, indent: string, lead: string): void {
  if (Array.isArray(collection)) {
    for (const item of collection) {
      if (isCollection(item)) addLines(lines, item, `${indent}  `, `${lead}- `);
      else lines.push(`${lead}- ${scalar(item, indent)}`);
      lead = indent;
    }
    return;
  }
  for (const key of inKubernetesOrder(Object.keys(collection))) {
    const value = (collection as Record<string, unknown>)[key];
    if (value === undefined) continue;
    if (isCollection(value)) {
      const inner = Array.isArray(value) ? indent : `${indent}  `;
      lines.push(`${lead}${keyText(key)}:`);
      if (Object.isFrozen(value)) lines.push(sharedText(value, inner));
      else addLines(lines, value, inner, inner);
    } else lines.push(`${lead}${keyText(key)}: ${scalar(value, indent)}`);
    lead = indent;
  }
}

const sharedTexts = new WeakMap<object, Map<string, string>>();

/** The lines of a collection that many manifests share, put together once for each indentation. */
function sharedText(collection: object, indent: string): string {
  const byIndent = sharedTexts.get(collection) ?? new Map<string, string>();
  sharedTexts.set(collection, byIndent);
  const known = byIndent.get(indent);
  if (known !== undefined) return known;
  const lines: string[] = [];
  addLines(lines, collection, indent, indent);
  const text = lines.join("\n");
  byIndent.set(indent, text);
  return text;
}

function isCollection(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  for (const key in value) if ((value as Record<string, unknown>)[key] !== undefined) return true;
  return false;
}

/** A scalar, or a collection that is empty. A literal block's lines are indented, but for its empty ones. */
function scalar(value: unknown, indent: string): string {
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "[]" : "{}";
  const text = scalarText(value);
  return text.includes("\n") ? text.replace(/\n(?!\n)/g, `\n${indent}`) : text;
}

const keyText = memoized((key: string) => shortcut(key) ?? written(key));

/** A scalar as it stands behind a key; the lines of a literal block after the first are indented already. */
const scalarText = memoized((value: unknown) => {
  const known = typeof value === "string" ? (shortcut(value) ?? literalBlock(value)) : undefined;
  return known ?? written(value);
});

/** What the library writes for text without a special character, which takes the library longer to find out. */
function shortcut(text: string): string | undefined {
  if (!/^(?:\.\.\/)*[a-z0-9/](?:[-\w./]|:(?=[-\w./]))*$/i.test(text)) return undefined;
  return isAmbiguous(text) ? `"${text}"` : text;
}

/** What the library writes for a script. */
const literalBlock = (text: string) =>
  text.includes("\n") && !isAmbiguous(text) ? `|\n${text.slice(0, -1).replace(/^(?=.)/gm, "  ")}` : undefined;

function memoized<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    // A script stands in one manifest; to keep it takes longer than to write it.
    if (typeof key === "string" && key.length > 100) return compute(key);
    const present = known.get(key);
    if (present !== undefined) return present;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}

/** A scalar on one line, as the library writes it: in the quotes that need fewer escapes, if in any. */
function written(value: unknown): string {
  const quoteStyle = /^[^']*"[^']*$/.test(String(value)) ? "single" : "double";
  return dump({ k: value }, { lineWidth: -1, quoteStyle, scalarStyleRules }).slice("k: ".length, -1);
}

const quoteAmbiguous = (layout: ScalarLayout) => {
  const { tag, value } = layout.node;
  const isText = tag === strTag.tagName;
  if (isText && (isAmbiguous(value) || value.includes("\n"))) layout.style = SCALAR_STYLE.DOUBLE_QUOTED;
};
const scalarStyleRules = [quoteAmbiguous, ...Object.values(DEFAULT_SCALAR_STYLE_RULES)];

// YAML 1.1 words, and whatever a parser might read as a number, a date or a sexagesimal.
const words = /^(y|yes|n|no|on|off|true|false|null|~|=|<<)$/i;
const numeric = /^[-+]?([._]*(e[-+]?)?([0-9]|$)|\.(inf|nan))/i;
// "100Gi" is a string to every parser, and how Kubernetes writes it.
const withUnit = /^[0-9]+(\.[0-9]+)?(m|[kMGTP]i?)$/;

// Not printable in YAML, or a line break in 1.1 only. Such strings are double quoted, where an escape may stand for them.
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/;

// Text whose lines a literal block shows as they are; any other is quoted, on one line with escapes.
const script = /^\S[^\t\r]*\n$/;
const lostInBlock = / \n|\n\n$/;

/** Whether a string, written plain or as a block, could be anything else to some parser. */
function isAmbiguous(text: string): boolean {
  if (unprintable.test(text)) return true;
  if (text.includes("\n")) return !script.test(text) || lostInBlock.test(text);
  return words.test(text) || (numeric.test(text) && !withUnit.test(text));
}

const leading = ["apiVersion", "kind", "metadata"];

const orders = new Map<string, string[]>();

/** Keys in order; most objects have those that another one had. */
function inKubernetesOrder(keys: string[]): string[] {
  if (keys.length < 2) return keys;
  const which = keys.join("\0");
  const order = orders.get(which) ?? sorted(keys);
  orders.set(which, order);
  return order;
}

function sorted(keys: readonly string[]): string[] {
  const lead = leading.filter((key) => keys.includes(key));
  return [...lead, ...keys.filter((key) => !lead.includes(key)).sort()];
}
