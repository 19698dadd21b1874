import { Document, isScalar, type Pair, Scalar, visit } from "yaml";

const first = ["apiVersion", "kind", "metadata"];

/**
 * The one YAML writer: keys in the order `kubectl get -o yaml` shows (apiVersion, kind and metadata lead, the rest by
 * name), lists not indented, no anchors, no folded lines, and every string quoted that a YAML 1.1 or 1.2 parser could
 * take for something else.
 */
export function toYaml(value: unknown): string {
  const document = new Document(value, { aliasDuplicateObjects: false, sortMapEntries: byKubernetesOrder });
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string" && isAmbiguous(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false }).replace(unprintable, escaped);
}

// YAML 1.1 words, and whatever Go's parser might read as a number, a date or a sexagesimal.
const words = /^(y|yes|n|no|on|off|true|false|null|~|=|<<)$/i;
const numeric = /^[-+]?(\.?[0-9]|\.inf|\.nan)/i;
// "100Gi" is a string to every parser, and how Kubernetes writes it.
const withUnit = /^[0-9]+(\.[0-9]+)?(m|[kMGTP]i?)$/;

// Not printable in YAML, or a line break in 1.1 only. Such strings are double quoted, where an escape may stand for them.
const unprintable = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g;
const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;

/** Whether a plain scalar could be anything but the string it is. */
function isAmbiguous(text: string): boolean {
  return words.test(text) || (numeric.test(text) && !withUnit.test(text)) || text.search(unprintable) >= 0;
}

function byKubernetesOrder(a: Pair, b: Pair): number {
  const [left, right] = [keyOf(a), keyOf(b)];
  return rank(left) - rank(right) || (left < right ? -1 : left > right ? 1 : 0);
}

const rank = (key: string) => (first.includes(key) ? first.indexOf(key) : first.length);
const keyOf = ({ key }: Pair) => String(isScalar(key) ? key.value : key);
