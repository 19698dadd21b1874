import rule from "scripts/rules/pods/valid-priority-class.ts";
import { expect, test } from "vitest";
import { findings, staging } from "../../../support/rules/overlay.ts";

const id = "PriorityClass/mezo-staging-validator";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a class that is not there", () => {
  const { manifests, remove } = staging();
  remove(id);
  expect(findings(rule, manifests)).toEqual([`${id} : there must be one; there are 0`]);
});

test("another value, and a second class", () => {
  const { manifests, object } = staging();
  manifests.push({ ...structuredClone(object(id)), metadata: { name: "system" } });
  object(id).value = 0;
  expect(findings(rule, manifests)).toEqual([
    `${id} value: must be 1000000, is 0`,
    "PriorityClass/system : the network has no such object",
  ]);
});
