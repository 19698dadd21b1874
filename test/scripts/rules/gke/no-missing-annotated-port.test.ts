import rule from "scripts/rules/gke/no-missing-annotated-port.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["cloud.google.com/neg", '{"exposed_ports":{"8545":{},"80":{}}}', ["names port 80, which the Service does not have"]],
  ["cloud.google.com/neg", "ingress: true", ["must be a JSON object, is ingress: true"]],
  ["cloud.google.com/app-protocols", '{"json-rpc":"HTTP","grpc":"HTTP2"}', ["names port grpc, which the"]],
  ["cloud.google.com/app-protocols", '{"json-rpc":"HTTP"}', []],
])("%s: %s", (annotation, text, messages) => {
  const { manifests, object } = staging();
  object("Service/mezo-rpc").metadata.annotations[annotation] = text;
  const expected = messages.map((each) =>
    expect.stringContaining(`Service/mezo-rpc metadata.annotations["${annotation}"]: ${each}`),
  );
  expect(findings(rule, manifests)).toEqual(expected);
});
