import rule from "scripts/rules/gke/no-missing-frontend-config.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a FrontendConfig that is not there", () => {
  const { manifests, remove } = staging();
  remove("FrontendConfig/mezo-rpc-frontend-config");
  const field = 'metadata.annotations["networking.gke.io/v1beta1.FrontendConfig"]';
  expect(findings(rule, manifests)).toEqual([
    `Ingress/mezo-rpc ${field}: there is no FrontendConfig mezo-rpc-frontend-config`,
    `Ingress/mezo-rpc-ws ${field}: there is no FrontendConfig mezo-rpc-frontend-config`,
  ]);
});
