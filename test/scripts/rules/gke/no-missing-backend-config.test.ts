import rule from "scripts/rules/gke/no-missing-backend-config.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

const annotation = "cloud.google.com/backend-config";
const field = `Service/mezo-rpc metadata.annotations["${annotation}"]`;

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a BackendConfig that is not there", () => {
  const { manifests, remove } = staging();
  remove("BackendConfig/mezo-rpc-ws-backend-config");
  expect(findings(rule, manifests)).toEqual([`${field}: there is no BackendConfig mezo-rpc-ws-backend-config`]);
});

test("a port name that the Service does not have", () => {
  const { manifests, object } = staging();
  object("Service/mezo-rpc").spec.ports[0].name = "http";
  expect(findings(rule, manifests)).toEqual([`${field}: names port json-rpc, which the Service does not have`]);
});

test.each(["{", '{"default":"x"}'])("%s does not map ports", (text) => {
  const { manifests, object } = staging();
  object("Service/mezo-rpc").metadata.annotations[annotation] = text;
  expect(findings(rule, manifests)).toEqual([
    `${field}: must be JSON of the form {"ports":{"<port name>":"<BackendConfig>"}}, is ${text}`,
  ]);
});
