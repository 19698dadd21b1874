import rule from "scripts/rules/rollout/require-sidecar-last.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([undefined, "0", "5", "last"])("wave %s", (wave) => {
  const { manifests, object } = staging();
  object("Deployment/ethereum-sidecar").metadata.annotations["argocd.argoproj.io/sync-wave"] = wave;
  expect(findings(rule, manifests)).toEqual([
    `Deployment/ethereum-sidecar metadata.annotations: comes in wave ${wave === "5" ? 5 : 0}, and must after 5`,
  ]);
});
