import rule from "scripts/rules/pods/no-missing-sealed-secret.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { findings, sealedStaging, staging } from "../../../support/rules/overlay.ts";

test("nothing sealed yet is one warning", () => {
  const found = [...rule.check(staging().manifests)];
  const message = `nothing is sealed yet: ${network.validators.length + 1} workloads wait for \`pnpm seal\``;
  expect(found).toEqual([{ severity: "warning", object: "keystores", field: "", message }]);
});

test("everything sealed passes", () => {
  expect(findings(rule, sealedStaging().manifests)).toEqual([]);
});

test("where some are sealed, each that is not is an error", () => {
  const { manifests, remove } = sealedStaging();
  remove("SealedSecret/mezo-node-3-keystore");
  remove("SealedSecret/ethereum-sidecar-config");
  const found = [...rule.check(manifests)];
  expect(found.every(({ severity }) => severity === "error")).toBe(true);
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-3 spec.template.spec.volumes[0].secret: there is no SealedSecret mezo-node-3-keystore, though others are sealed",
    "StatefulSet/mezo-node-3 spec.template.spec.volumes[1].projected.sources[2].secret: there is no SealedSecret mezo-node-3-keystore, though others are sealed",
    "Deployment/ethereum-sidecar spec.template.spec.containers[0].env[0]: there is no SealedSecret ethereum-sidecar-config, though others are sealed",
  ]);
});

test("a key that is not sealed", () => {
  const { manifests, object } = sealedStaging();
  delete object("SealedSecret/mezo-node-0-keystore").spec.encryptedData["priv_validator_key.json"];
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.volumes[1].projected.sources[2].secret: SealedSecret mezo-node-0-keystore has no key priv_validator_key.json",
  ]);
});
