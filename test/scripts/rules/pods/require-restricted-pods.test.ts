import rule from "scripts/rules/pods/require-restricted-pods.ts";
import { expect, test } from "vitest";
import { type Any, findings, findingsWithPod, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const pod = "spec.template.spec";

test.each([
  ["hostNetwork", (spec: Any) => (spec.hostNetwork = true), `${pod}.hostNetwork: must not be set`],
  ["hostPID", (spec: Any) => (spec.hostPID = true), `${pod}.hostPID: must not be set`],
  ["root", (spec: Any) => (spec.securityContext.runAsUser = 0), `${pod}.securityContext.runAsUser: must not be 0`],
  [
    "another SELinux type",
    (spec: Any) => (spec.securityContext.seLinuxOptions = { type: "spc_t" }),
    `${pod}.securityContext.seLinuxOptions.type: must not be spc_t`,
  ],
  [
    "an SELinux user",
    (spec: Any) => (spec.securityContext.seLinuxOptions = { user: "root" }),
    `${pod}.securityContext.seLinuxOptions: must have neither`,
  ],
  [
    "a sysctl",
    (spec: Any) => (spec.securityContext.sysctls = [{ name: "kernel.msgmax", value: "1" }]),
    `${pod}.securityContext.sysctls: must not include kernel.msgmax`,
  ],
  [
    "a process of the Windows host",
    (spec: Any) => (spec.securityContext.windowsOptions = { hostProcess: true }),
    `${pod}.securityContext.windowsOptions.hostProcess: must not be set`,
  ],
  [
    "AppArmor off",
    (spec: Any) => (spec.containers[0].securityContext.appArmorProfile = { type: "Unconfined" }),
    "containers[0].securityContext.appArmorProfile.type: must be RuntimeDefault, is Unconfined",
  ],
  [
    "a host path",
    (spec: Any) => spec.volumes.push({ name: "x", hostPath: { path: "/" } }),
    ".hostPath: must not be set",
  ],
  ["a volume of NFS", (spec: Any) => spec.volumes.push({ name: "x", nfs: {} }), ".nfs: must not be set"],
  [
    "root in one container",
    (spec: Any) => (spec.containers[0].securityContext.runAsNonRoot = false),
    "containers[0].securityContext.runAsNonRoot: must be true",
  ],
  [
    "one container without seccomp",
    (spec: Any) => (spec.containers[0].securityContext.seccompProfile = { type: "Unconfined" }),
    "containers[0].securityContext.seccompProfile.type: must be RuntimeDefault, is Unconfined",
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
    "capabilities.drop: must include ALL",
  ],
  [
    "capabilities added",
    (spec: Any) => (spec.containers[0].securityContext.capabilities.add = ["NET_BIND_SERVICE", "SYS_ADMIN"]),
    "capabilities.add: must not include SYS_ADMIN",
  ],
  [
    "all of /proc",
    (spec: Any) => (spec.containers[0].securityContext.procMount = "Unmasked"),
    "procMount: must be Default",
  ],
  ["a host port", (spec: Any) => (spec.containers[0].ports[0].hostPort = 26656), "ports[0].hostPort: must not be set"],
  [
    "a probe of another host",
    (spec: Any) => (spec.containers[0].livenessProbe.httpGet.host = "169.254.169.254"),
    "containers[0].livenessProbe.host: must not be set",
  ],
])("%s", (_fault, change, message) => {
  const found = findingsWithPod(rule, change);
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(message);
});

test.each(["runAsNonRoot", "seccompProfile"])("without %s, for each of its containers", (key) => {
  const { manifests, object } = staging();
  delete podSpec(object("StatefulSet/mezo-node-0")).securityContext[key];
  const found = findings(rule, manifests);
  expect(found).toHaveLength(2);
  expect(found[0]).toContain(`initContainers[0].securityContext.${key}`);
});
