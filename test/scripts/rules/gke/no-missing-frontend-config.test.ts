import rule from "scripts/rules/gke/no-missing-frontend-config.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a FrontendConfig that is not there", () => {
  const { manifests, remove } = staging();
  remove("FrontendConfig/mezo-rpc-frontend-config");
  const field = 'metadata.annotations["networking.gke.io/v1beta1.FrontendConfig"]';
  expect(findings(rule, manifests)).toEqual([
    `Ingress/mezo-rpc ${field}: no FrontendConfig mezo-rpc-frontend-config`,
    `Ingress/mezo-rpc-ws ${field}: no FrontendConfig mezo-rpc-frontend-config`,
  ]);
});
