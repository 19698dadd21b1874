import rule from "scripts/rules/pods/no-missing-sealed-secret.ts";
import { expect, test } from "vitest";
import { findings, sealedStaging, staging } from "../../../support/rules/overlay.ts";

test("nothing sealed yet is one warning", () => {
  const found = [...rule.check(staging().manifests)];
  const message = "none is sealed yet: 6 workloads wait for `pnpm seal`";
  expect(found).toEqual([{ severity: "warning", object: "keystores", field: "", message }]);
});

test("everything sealed is fine", () => {
  expect(findings(rule, sealedStaging().manifests)).toEqual([]);
});

test("some sealed is an error for each that is not", () => {
  const { manifests, remove } = sealedStaging();
  remove("SealedSecret/mezo-node-3-keystore");
  remove("SealedSecret/ethereum-sidecar-config");
  const found = [...rule.check(manifests)];
  expect(found.every(({ severity }) => severity === "error")).toBe(true);
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-3 spec.template.spec.volumes[0].secret: no SealedSecret mezo-node-3-keystore, though others are sealed",
    "StatefulSet/mezo-node-3 spec.template.spec.volumes[1].projected.sources[2].secret: no SealedSecret mezo-node-3-keystore, though others are sealed",
    "Deployment/ethereum-sidecar spec.template.spec.containers[0].env[0]: no SealedSecret ethereum-sidecar-config, though others are sealed",
  ]);
});

test("a key that is not in the seal", () => {
  const { manifests, object } = sealedStaging();
  delete object("SealedSecret/mezo-node-0-keystore").spec.encryptedData["priv_validator_key.json"];
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.volumes[1].projected.sources[2].secret: SealedSecret mezo-node-0-keystore has no key priv_validator_key.json",
  ]);
});
