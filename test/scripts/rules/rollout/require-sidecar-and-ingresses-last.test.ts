import rule from "scripts/rules/rollout/require-sidecar-and-ingresses-last.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each(
  ["Deployment/ethereum-sidecar", "Ingress/mezo-rpc"].flatMap((id) =>
    [undefined, "0", "5", "last"].map((wave) => [id, wave] as const),
  ),
)("%s in wave %s", (id, wave) => {
  const { manifests, object } = staging();
  object(id).metadata.annotations["argocd.argoproj.io/sync-wave"] = wave;
  expect(findings(rule, manifests)).toEqual([
    `${id} metadata.annotations: must be in a wave after 5, the last validator's; is in wave ${wave === "5" ? 5 : 0}`,
  ]);
});
