import { toYaml } from "generators/yaml.ts";
import type { Manifest } from "scripts/manifests.ts";

/** What differs between two validators' objects, by name: all strings, as a Helm chart's values have them. */
export type Values = Record<"name" | "id" | "wave" | "host" | "keyringFile" | "address", string>;

/** A validator's objects with `<name>`-like marks where its values stood. */
export interface Template {
  service: object;
  statefulSet: object;
}

// Short values could stand anywhere: they count as a whole field alone.
const whole = ["id", "wave"] as const;
const parts = ["address", "host", "keyringFile", "name"] as const;
const mark = (name: string) => `«${name}»`;
const marks = /«(\w+)»/g;

/**
 * The template of all validators, from the objects of one of them: what a person would write who knew them. So the peers
 * never lag behind what `gen` renders, and whether it is right shows when they render all others from it.
 */
export function template(manifests: readonly Manifest[], values: Values, other: Values): Template {
  const object = (kind: string) => {
    const named = (name: string) =>
      manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
    return marked(named(values.name), named(other.name), values) as object;
  };
  return { service: object("Service"), statefulSet: object("StatefulSet") };
}

/** A value with marks in every string that is another one in the second validator's. */
function marked(value: unknown, second: unknown, values: Values): unknown {
  if (Array.isArray(value)) return value.map((item, i) => marked(item, (second as unknown[])[i], values));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        marked(inner, (second as Record<string, unknown>)[key], values),
      ]),
    );
  }
  if (typeof value !== "string" || value === second) return value;
  const field = whole.find((name) => value === values[name]);
  if (field) return mark(field);
  return parts.reduce((text, name) => text.replaceAll(values[name], mark(name)), value);
}

/** A template of a Helm chart: a range over the validators in its values. */
export function toHelm({ service, statefulSet }: Template): string {
  const quoted = whole.map(mark);
  const text = [service, statefulSet]
    .map((object) => `---\n${toYaml(object)}`)
    .join("")
    .replace(marks, (each, name) => (quoted.includes(each) ? `{{ .${name} | quote }}` : `{{ .${name} }}`));
  return `{{- range .Values.validators }}\n${text}{{- end }}\n`;
}

/** A module whose function `manifests` makes a validator's objects from its values. */
export function toModule(objects: Template): string {
  return `export const manifests = (values) => (${literal(objects)});\n`;
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    return `{${Object.entries(value).map(([key, inner]) => `${JSON.stringify(key)}: ${literal(inner)}`)}}`;
  }
  if (typeof value !== "string" || value.search(marks) < 0) return JSON.stringify(value);
  return `\`${value.replace(/[\\`$]/g, "\\$&").replace(marks, (_, name) => `\${values.${name}}`)}\``;
}
