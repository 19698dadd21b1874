import type { Manifest } from "scripts/objects/manifests.ts";
import rule from "scripts/rules/any-object/no-oversized-objects.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const MiB = 2 ** 20;

test.each([
  ["ConfigMap", "data", { data: { k: "x".repeat(MiB) } }, `has ${MiB + 1} bytes; the limit is ${MiB}`],
  ["ConfigMap", "data", { data: { k: "é".repeat(MiB / 2) } }, `has ${MiB + 1} bytes`],
  ["SealedSecret", "spec.encryptedData", { spec: { encryptedData: { k: "x".repeat(MiB) } } }, "has"],
])("a %s whose %s is too large", (kind, field, contents, message) => {
  const manifest = { apiVersion: "v1", kind, metadata: { name: "x" }, ...contents } as Manifest;
  expect(findings(rule, [manifest])).toEqual([expect.stringContaining(`${kind}/x ${field}: ${message}`)]);
});

test("an object at the limit passes", () => {
  const manifest = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "x" }, data: { k: "x".repeat(MiB - 1) } };
  expect(findings(rule, [manifest as Manifest])).toEqual([]);
});

test("annotations beyond 256 KiB in all", () => {
  const { manifests, object } = staging();
  Object.assign(object("Service/mezo-rpc").metadata.annotations, { a: "x".repeat(2 ** 17), b: "x".repeat(2 ** 17) });
  expect(findings(rule, manifests)).toEqual([expect.stringContaining("Service/mezo-rpc metadata.annotations: has")]);
});
