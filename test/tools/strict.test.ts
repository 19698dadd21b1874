import { type Schema, strict } from "tools/schemas/strict.ts";
import { expect, test } from "vitest";

// Cases that the CRDs in use do not contain, or contain only deep inside.
const cases: [does: string, schema: object, strict: object][] = [
  ["closes an object with properties", { properties: {} }, { properties: {}, additionalProperties: false }],
  ["closes an object without any", { type: "object" }, { type: "object", additionalProperties: false }],
  [
    "leaves open what keeps unknown fields, but not what is known",
    { "x-kubernetes-preserve-unknown-fields": true, properties: { a: { properties: {} } } },
    { properties: { a: { properties: {}, additionalProperties: false } } },
  ],
  ["makes a map's values strict", { additionalProperties: { description: "a" } }, { additionalProperties: {} }],
  ["allows null", { type: "string", enum: ["a"], nullable: true }, { type: ["string", "null"], enum: ["a", null] }],
  [
    "reads int-or-string",
    { "x-kubernetes-int-or-string": true, anyOf: [{ type: "integer" }, { type: "string" }], pattern: "a" },
    { type: ["integer", "string"], pattern: "a" },
  ],
  [
    "keeps properties that are called like keywords",
    { properties: { $ref: { type: "string" }, default: {} } },
    {
      properties: { $ref: { type: "string" }, default: {} },
      additionalProperties: false,
    },
  ],
  [
    "completes an embedded resource",
    { type: "object", "x-kubernetes-embedded-resource": true, "x-kubernetes-preserve-unknown-fields": true },
    {
      type: "object",
      required: ["apiVersion", "kind"],
      properties: {
        apiVersion: { type: "string" },
        kind: { type: "string" },
        metadata: { $ref: "#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta" },
      },
    },
  ],
];

test.each(cases)("%s", (_, schema, expected) => {
  expect(strict(schema as Schema, true)).toEqual(expected);
});

test("an OpenAPI object without properties may hold anything", () => {
  expect(strict({ type: "object" }, false)).toEqual({ type: "object" });
});
