import rule from "scripts/rules/pods/valid-keyless-nodes.ts";
import validators from "scripts/rules/pods/valid-validators.ts";
import { expect, test } from "vitest";
import { everything } from "../../../support/keyless.ts";
import { built } from "../../../support/releases.ts";
import { type Any, copied, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

const network = everything();
const { manifests } = await built(network);

const after = (id: string, change: (object: Any) => void) => {
  const overlay = copied(manifests);
  change(overlay.object(id));
  return findings(rule, overlay.manifests, network);
};

test("RPC nodes and seeds pass, and so does a network without any", () => {
  expect(findings(rule, manifests, network)).toEqual([]);
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, (pod: Any) => void, string]>([
  [
    "a validator's keystore",
    (pod) => pod.volumes.push({ name: "keys", secret: { secretName: "mezo-node-0-keystore" } }),
    "volumes[5]: must not be there",
  ],
  ["no preflight", (pod) => delete pod.initContainers, "initContainers[0]: must have"],
  ["a key that outlives its pod", (pod) => (pod.volumes[2].emptyDir = {}), "volumes[2].emptyDir.medium"],
  ["another's identity", (pod) => (pod.containers[0].env[2].value = "data/node_key.json"), "env[2].value: must be"],
  ["a variable before the one that it needs", (pod) => pod.containers[0].env.reverse(), "env[0]"],
  ["no readiness", (pod) => delete pod.containers[0].readinessProbe, "readinessProbe: must have"],
  ["a proxy that anybody changed", (pod) => (pod.containers[1].command[3] = "/tmp/x"), "containers[1].command[3]"],
  ["a proxy with more rights", (pod) => pod.containers[1].securityContext.capabilities.add.push("NET_ADMIN"), "add"],
  ["a proxy that is gone before its node", (pod) => delete pod.containers[1].lifecycle, "lifecycle: must have"],
  ["no drain", (pod) => delete pod.containers[0].lifecycle, "lifecycle: must have"],
  ["the validators' priority", (pod) => (pod.priorityClassName = "mezo-staging-validator"), "must not be set"],
])("%s is refused", (_, change, message) => {
  const found = after("StatefulSet/mezo-rpc-node", (set) => change(podSpec(set)));
  expect(found.join("\n")).toContain(message);
});

test("one that is missing is, and one that no network declares is no validator", () => {
  const overlay = copied(manifests);
  overlay.remove("StatefulSet/mezo-seed");
  expect(findings(rule, overlay.manifests, network)).toEqual([
    "StatefulSet/mezo-seed : there must be one; there are 0",
  ]);
  const foreign = staging();
  foreign.manifests.push(copied(manifests).object("StatefulSet/mezo-rpc-node"));
  expect(findings(validators, foreign.manifests)).toEqual([
    "StatefulSet/mezo-rpc-node : the network has no such object",
  ]);
});
