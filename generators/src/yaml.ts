import { Document, Scalar, visit } from "yaml";

/**
 * The one YAML writer: keys in the order `kubectl get -o yaml` shows (apiVersion, kind and metadata lead, the rest by
 * name), lists not indented, no anchors, no folded lines, and every string quoted that a YAML 1.1 or 1.2 parser could
 * take for something else.
 *
 * The library writes the scalars, each once, for most of them stand in a thousand manifests; the structure around them
 * is plain lines.
 */
export const toYaml = (value: unknown): string => `${linesOf(value).join("\n")}\n`;

/** A value's lines, without indentation. */
function linesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.length === 0 ? ["[]"] : value.flatMap(itemLines);
  if (typeof value === "object" && value !== null) return mappingLines(value);
  return scalarLines(value);
}

function itemLines(item: unknown): string[] {
  const [first = "", ...rest] = linesOf(item);
  return [`- ${first}`, ...(isCollection(item) ? rest.map(deeper) : rest)];
}

function mappingLines(mapping: object): string[] {
  const entries = Object.entries(mapping).filter(([, value]) => value !== undefined);
  if (entries.length === 0) return ["{}"];
  return entries.sort(byKubernetesOrder).flatMap(([key, value]) => {
    const [first = "", ...rest] = linesOf(value);
    const name = `${keyText(key)}:`;
    if (!isCollection(value)) return [`${name} ${first}`, ...rest];
    return Array.isArray(value) ? [name, first, ...rest] : [name, deeper(first), ...rest.map(deeper)];
  });
}

const isCollection = (value: unknown) => typeof value === "object" && value !== null && Object.keys(value).length > 0;

// A literal block's empty lines stay empty.
const deeper = (line: string) => (line === "" ? "" : `  ${line}`);

const keyText = memoized((key: string) => written({ [key]: 0 }).slice(0, -": 0\n".length));

/** A scalar as the library writes it behind a key; the lines of a literal block after the first are indented already. */
const scalarLines = memoized((value: unknown) => written({ k: value }).slice("k: ".length, -1).split("\n"));

function memoized<Key, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<Key, Value>();
  return (key) => {
    const present = known.get(key);
    if (present !== undefined) return present;
    const value = compute(key);
    known.set(key, value);
    return value;
  };
}

function written(value: object): string {
  const document = new Document(value);
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string" && isAmbiguous(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 }).replace(unprintable, escaped);
}
// YAML 1.1 words, and whatever a parser might read as a number, a date or a sexagesimal.
const words = /^(y|yes|n|no|on|off|true|false|null|~|=|<<)$/i;
const numeric = /^[-+]?([._]*(e[-+]?)?([0-9]|$)|\.(inf|nan))/i;
// "100Gi" is a string to every parser, and how Kubernetes writes it.
const withUnit = /^[0-9]+(\.[0-9]+)?(m|[kMGTP]i?)$/;

// Not printable in YAML, or a line break in 1.1 only. Such strings are double quoted, where an escape may stand for them.
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

// Text whose lines a literal block shows as they are; any other is quoted, on one line with escapes.
const script = /^\S[^\t\r]*\n$/;
const lostInBlock = / \n|\n\n$/;

/** Whether a string, written plain or as a block, could be anything else to some parser. */
function isAmbiguous(text: string): boolean {
  if (text.search(unprintable) >= 0) return true;
  if (text.includes("\n")) return !script.test(text) || lostInBlock.test(text);
  return words.test(text) || (numeric.test(text) && !withUnit.test(text));
}

const first = ["apiVersion", "kind", "metadata"];
const rank = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length);

function byKubernetesOrder([a]: [string, unknown], [b]: [string, unknown]): number {
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}
