import rule from "scripts/rules/restricted-pods.ts";
import { expect, test } from "vitest";
import { type Any, findings, podSpec, staging } from "./overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const pod = "spec.template.spec";

test.each([
  ["hostNetwork", (spec: Any) => (spec.hostNetwork = true), `${pod}.hostNetwork: must not be set`],
  ["hostPID", (spec: Any) => (spec.hostPID = true), `${pod}.hostPID: must not be set`],
  [
    "a token",
    (spec: Any) => delete spec.automountServiceAccountToken,
    `${pod}.automountServiceAccountToken: must be false`,
  ],
  [
    "root",
    (spec: Any) => delete spec.securityContext.runAsNonRoot,
    `${pod}.securityContext.runAsNonRoot: must be true`,
  ],
  [
    "no seccomp",
    (spec: Any) => delete spec.securityContext.seccompProfile,
    `${pod}.securityContext.seccompProfile.type: must be`,
  ],
  [
    "a host path",
    (spec: Any) => spec.volumes.push({ name: "x", hostPath: { path: "/" } }),
    ".hostPath: must not be set",
  ],
  [
    "privileged",
    (spec: Any) => (spec.containers[0].securityContext.privileged = true),
    "securityContext.privileged: must not",
  ],
  [
    "escalation",
    (spec: Any) => (spec.containers[0].securityContext.allowPrivilegeEscalation = true),
    "containers[0].securityContext.allowPrivilegeEscalation: must be false",
  ],
  [
    "a writable root in the init container",
    (spec: Any) => (spec.initContainers[0].securityContext.readOnlyRootFilesystem = false),
    "initContainers[0].securityContext.readOnlyRootFilesystem: must be true",
  ],
  [
    "capabilities kept",
    (spec: Any) => (spec.containers[0].securityContext.capabilities.drop = ["NET_RAW"]),
    "must drop ALL",
  ],
  [
    "capabilities added",
    (spec: Any) => (spec.containers[0].securityContext.capabilities.add = ["SYS_ADMIN"]),
    "add none",
  ],
])("%s", (_fault, change, message) => {
  const { manifests, object } = staging();
  change(podSpec(object("StatefulSet/mezo-node-0")));
  const found = findings(rule, manifests);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});
