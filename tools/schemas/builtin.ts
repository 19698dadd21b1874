import { fileName, mapValues, objectMeta, type Schema, standalone, strict } from "./strict.ts";

/** Types that Kubernetes' Go code reads more liberally than its OpenAPI document says. */
const liberal: Record<string, Schema> = {
  "io.k8s.apimachinery.pkg.api.resource.Quantity": { type: ["string", "number"] },
  // An unset time is written as null.
  "io.k8s.apimachinery.pkg.apis.meta.v1.Time": { type: ["string", "null"], format: "date-time" },
  "io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime": { type: ["string", "null"], format: "date-time" },
};

/** The definitions of Kubernetes' swagger.json, each made strict. */
export function strictDefinitions(definitions: Record<string, Schema>): Record<string, Schema> {
  return mapValues(definitions, (definition, name) => liberal[name] ?? strict(definition, false));
}

/** File name and schema of every kind that can be applied: those with an ObjectMeta, which lists and options lack. */
export function builtinSchemas(definitions: Record<string, Schema>): [string, Schema][] {
  const strictly = strictDefinitions(definitions);
  return Object.entries(definitions)
    .filter(([, definition]) => definition.properties?.metadata?.$ref === `#/definitions/${objectMeta}`)
    .flatMap(([name, definition]) =>
      (definition["x-kubernetes-group-version-kind"] ?? []).map((gvk): [string, Schema] => [
        fileName(gvk),
        standalone(strictly[name] ?? {}, gvk, strictly),
      ]),
    );
}
