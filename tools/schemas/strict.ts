// Turns the schemas that Kubernetes publishes (OpenAPI 2 for built-in kinds, structural OpenAPI 3 for CRDs) into strict
// JSON Schema draft 4, which kubeconform reads: an unknown field is an error, and only keywords that validate are kept.

/** The part of a schema that is read here. */
export interface Schema {
  $ref?: string;
  type?: string | string[];
  format?: string;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | boolean;
  items?: Schema;
  nullable?: boolean;
  definitions?: Record<string, Schema>;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-embedded-resource"?: boolean;
  "x-kubernetes-group-version-kind"?: GroupVersionKind[];
}

/** What an object's apiVersion and kind say. */
export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

export const objectMeta = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

/** Keywords that mean the same in all three dialects. Schemas below `allOf` and the like only narrow, so they stay open. */
const shared = ["$ref", "type", "format", "enum", "required", "pattern", "not", "allOf", "anyOf", "oneOf"].concat(
  ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength"],
  ["minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"],
);

/** A schema made strict. An object without properties is empty in a CRD (`pruned`) and may hold anything in OpenAPI 2. */
export function strict(schema: Schema, pruned: boolean): Schema {
  if (schema["x-kubernetes-embedded-resource"]) return strict(asResource(schema), pruned);
  const result: Schema = Object.fromEntries(Object.entries(schema).filter(([keyword]) => shared.includes(keyword)));
  if (schema["x-kubernetes-int-or-string"] || schema.format === "int-or-string") {
    // The only `anyOf` that may stand beside it says the same, but would refuse null where null is allowed.
    Object.assign(result, { type: ["integer", "string"], format: undefined, anyOf: undefined });
  }
  if (schema.nullable && result.type) result.type = [result.type, "null"].flat();
  if (schema.nullable && result.enum) result.enum = [...result.enum, null];
  if (schema.items) result.items = strict(schema.items, pruned);
  if (schema.properties) {
    result.properties = mapValues(schema.properties, (property) => strict(property, pruned));
  }
  if (typeof schema.additionalProperties === "object") {
    result.additionalProperties = strict(schema.additionalProperties, pruned);
  } else if (schema.additionalProperties !== undefined) {
    result.additionalProperties = schema.additionalProperties;
  } else if (!schema["x-kubernetes-preserve-unknown-fields"]) {
    if (schema.properties || (pruned && schema.type === "object")) result.additionalProperties = false;
  }
  return result;
}

/** The schema of a whole object, including the fields that a CRD need not declare because the API server knows them. */
export function asResource({ "x-kubernetes-embedded-resource": _, ...schema }: Schema): Schema {
  return {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { $ref: `#/definitions/${objectMeta}` },
    },
    required: union(schema.required, ["apiVersion", "kind"]),
  };
}

/** The strict schema of a kind as one document, for this apiVersion and kind alone, with the definitions it needs. */
export function standalone(schema: Schema, { group, version, kind }: GroupVersionKind, all: Record<string, Schema>) {
  const root = {
    ...schema,
    properties: {
      ...schema.properties,
      apiVersion: { enum: [group ? `${group}/${version}` : version] },
      kind: { enum: [kind] },
    },
    required: union(schema.required, ["apiVersion", "kind"]),
  };
  return { ...root, definitions: reachable(root, all) };
}

/** The file name for kubeconform's `{{ .ResourceKind }}{{ .KindSuffix }}.json`, which keeps a group's first label only. */
export function fileName({ group, version, kind }: GroupVersionKind): string {
  return `${[kind, group.split(".")[0], version].filter(Boolean).join("-").toLowerCase()}.json`;
}

export function mapValues<From, To>(record: Record<string, From>, map: (value: From, key: string) => To) {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value, key)]));
}

function reachable(schema: Schema, all: Record<string, Schema>): Record<string, Schema> {
  const found: Record<string, Schema> = {};
  const visit = (value: unknown) => {
    for (const name of references(value)) {
      const definition = all[name];
      if (!definition) throw new Error(`a schema refers to ${name}, which is not defined`);
      if (found[name]) continue;
      found[name] = definition;
      visit(definition);
    }
  };
  visit(schema);
  return found;
}

function references(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    // A schema may also describe a property called `$ref`; its value is an object.
    key === "$ref" && typeof inner === "string" ? [inner.replace("#/definitions/", "")] : references(inner),
  );
}

function union(one: string[] = [], other: string[]): string[] {
  return [...new Set([...one, ...other])];
}
