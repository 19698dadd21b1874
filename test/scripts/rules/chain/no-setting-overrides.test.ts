import rule from "scripts/rules/chain/no-setting-overrides.ts";
import { expect, test } from "vitest";
import { type Any, findings, findingsWithPod, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, (pod: Any) => void, string]>([
  [
    "a flag",
    ({ containers: [node] }) => node.args.push("--p2p.seed_mode"),
    "is mezod start --home /mnt/.mezod --moniker",
  ],
  [
    "another home",
    ({ containers: [node] }) => (node.args[1] = "/tmp"),
    "containers[0].args: must be mezod start --home",
  ],
  ["another command", ({ containers: [node] }) => (node.command[1] = "version"), "is mezod version --home"],
  ["no command", ({ containers: [node] }) => delete node.command, "containers[0].args: must be mezod start"],
  ["no arguments", ({ containers: [node] }) => delete node.args, "containers[0].args: must be mezod start"],
  [
    "a variable",
    ({ containers: [node] }) => node.env.push({ name: "MEZOD_P2P_PEX", value: "false" }),
    "containers[0].env[4]: must not set MEZOD_P2P_PEX: it overrides a setting of a file",
  ],
  [
    "variables from a ConfigMap",
    ({ containers: [node] }) => (node.envFrom = [{ configMapRef: { name: "x" } }]),
    "containers[0].envFrom: must not be set",
  ],
  [
    "another program before the node",
    ({ initContainers: [first] }) => (first.command = ["/bin/true"]),
    "initContainers[0].command: must be /bin/sh -c",
  ],
])("%s", (_fault, change, message) => {
  const found = findingsWithPod(rule, change);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});
