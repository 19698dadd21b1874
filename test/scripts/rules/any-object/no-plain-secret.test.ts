import rule from "scripts/rules/any-object/no-plain-secret.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a Secret", () => {
  const { manifests } = staging();
  manifests.push({ apiVersion: "v1", kind: "Secret", metadata: { name: "mezo-node-0-keystore" } });
  expect(findings(rule, manifests)).toEqual([
    "Secret/mezo-node-0-keystore kind: must be SealedSecret: `pnpm seal` makes one",
  ]);
});
