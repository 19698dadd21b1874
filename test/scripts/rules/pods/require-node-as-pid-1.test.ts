import rule from "scripts/rules/pods/require-node-as-pid-1.ts";
import { expect, test } from "vitest";
import { findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test("a shell before the node", () => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-0")).containers[0].command = ["/bin/sh", "-c", "mezod start"];
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.containers[0].command: must start with mezod, starts with /bin/sh",
  ]);
});

test("the image's own entry point", () => {
  const { manifests, object } = staging();
  delete podSpec(object("StatefulSet/mezo-node-0")).containers[0].command;
  expect(findings(rule, manifests)[0]).toContain("must start with mezod, starts with undefined");
});

test("a shared process namespace", () => {
  const { manifests, object } = staging();
  podSpec(object("StatefulSet/mezo-node-0")).shareProcessNamespace = true;
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 spec.template.spec.shareProcessNamespace: must not be set: it makes the pause container PID 1",
  ]);
});
