import rule from "scripts/rules/pods/valid-validators.ts";
import { expect, test } from "vitest";
import { staging as network } from "../../../support/networks.ts";
import { type Any, findings, podSpec, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each<[string, string, (object: Any) => void, string]>([
  ["StatefulSet/mezo-node-0", "two replicas", (o) => (o.spec.replicas = 2), "spec.replicas: must be 1, is 2"],
  [
    "StatefulSet/mezo-node-0",
    "a wave that Argo CD reads as 0",
    (o) => (o.metadata.annotations["argocd.argoproj.io/sync-wave"] = "0x2"),
    'metadata.annotations["argocd.argoproj.io/sync-wave"]: must be 2, is 0x2',
  ],
  [
    "StatefulSet/mezo-node-0",
    "an init container that deletes the state",
    (o) => podSpec(o).initContainers.push({ name: "reset" }),
    "initContainers[1]: must not be there",
  ],
  [
    "StatefulSet/mezo-node-0",
    "preflight as a native sidecar",
    (o) => (podSpec(o).initContainers[0].restartPolicy = "Always"),
    "initContainers[0].restartPolicy: must not be set, is Always",
  ],
  [
    "StatefulSet/mezo-node-0",
    "another validator's preflight",
    (o) => (podSpec(o).initContainers[0].env[5].value = "mezo-node-1"),
    "initContainers[0].env[5].value: must be mezo-node-0, is mezo-node-1",
  ],
  [
    "StatefulSet/mezo-node-0",
    "preflight that takes another key for its own",
    (o) => (podSpec(o).initContainers[0].env[3].value = "x"),
    "initContainers[0].env[3].value: must be oRIoXj3snr5+kH+VlP+Q5wNDkiY=, is x",
  ],
  [
    "StatefulSet/mezo-node-0",
    "an empty volume that may start",
    (o) => (podSpec(o).initContainers[0].env[4].value = "yes"),
    "initContainers[0].env[4].value: must be no, is yes",
  ],
  [
    "StatefulSet/mezo-node-0",
    "an empty folder for each pod",
    (o) => (podSpec(o).containers[0].volumeMounts[2].subPathExpr = "$(HOSTNAME)"),
    "volumeMounts[2].subPathExpr: must not be set",
  ],
  [
    "StatefulSet/mezo-node-0",
    "the environment of a keystore",
    (o) => (podSpec(o).containers[0].envFrom = [{ secretRef: { name: "mezo-node-1-keystore" } }]),
    "containers[0].envFrom: must not be set",
  ],
  [
    "StatefulSet/mezo-node-0",
    "another's keystore",
    (o) => (podSpec(o).volumes[0].secret.secretName = "mezo-node-1-keystore"),
    "secretName: must be mezo-node-0-keystore, is mezo-node-1-keystore",
  ],
  [
    "StatefulSet/mezo-node-0",
    "a variable that overrides a file",
    (o) => podSpec(o).containers[0].env.push({ name: "MEZOD_HALT_HEIGHT", value: "1" }),
    "containers[0].env[6]: must not be there",
  ],
  [
    "StatefulSet/mezo-node-0",
    "a variable twice, of which the last counts",
    (o) => podSpec(o).containers[0].env.push({ name: "HOME", value: "/mnt" }),
    "containers[0].env[6]: must not be there",
  ],
  [
    "StatefulSet/mezo-node-0",
    "a hook after the start",
    (o) => (podSpec(o).containers[0].lifecycle = { postStart: {} }),
    "containers[0].lifecycle.preStop: must have sleep",
  ],
  [
    "StatefulSet/mezo-node-0",
    "its machine's network",
    (o) => (podSpec(o).hostNetwork = true),
    "hostNetwork: must not be set, is true",
  ],
  [
    "StatefulSet/mezo-node-0",
    "another account",
    (o) => (podSpec(o).serviceAccountName = "admin"),
    "serviceAccountName: must not be set, is admin",
  ],
  [
    "StatefulSet/mezo-node-0",
    "a container that may write its root",
    (o) => (podSpec(o).containers[0].securityContext.readOnlyRootFilesystem = false),
    "readOnlyRootFilesystem: must be true, is false",
  ],
  [
    "StatefulSet/mezo-node-0",
    "a short grace period",
    (o) => (podSpec(o).terminationGracePeriodSeconds = 30),
    "terminationGracePeriodSeconds: must be 130, is 30",
  ],
  [
    "StatefulSet/mezo-node-0",
    "a claim of a snapshot",
    (o) => (o.spec.volumeClaimTemplates[0].spec.dataSource = {}),
    "volumeClaimTemplates[0].spec.dataSource: must not be set",
  ],
  [
    "StatefulSet/mezo-node-0",
    "a keyring that may be missing",
    (o) => (podSpec(o).volumes[0].secret.optional = true),
    "volumes[0].secret.optional: must not be set, is true",
  ],
  [
    "StatefulSet/mezo-node-0",
    "a key of another name",
    (o) => (podSpec(o).volumes[1].projected.sources[2].secret.items[0].path = "k"),
    "secret.items[0].path: must be node_key.json, is k",
  ],
  [
    "StatefulSet/mezo-node-0",
    "keys elsewhere",
    (o) => (podSpec(o).containers[0].volumeMounts[0].mountPath = "/c"),
    "volumeMounts: must have mountPath /mnt/.mezod/config",
  ],
  [
    "StatefulSet/mezo-node-0",
    "a selector of nobody",
    (o) => (o.spec.selector.matchExpressions = []),
    "spec.selector.matchExpressions: must not be set",
  ],
  [
    "StatefulSet/mezo-node-0",
    "pods that keep their old template",
    (o) => (o.spec.updateStrategy = { type: "OnDelete" }),
    "spec.updateStrategy: must not be set",
  ],
])("%s: %s", (id, _fault, change, message) => {
  const { manifests, object } = staging();
  change(object(id));
  expect(findings(rule, manifests)[0]).toContain(message);
});

test("one that is missing, and one that nobody knows", () => {
  const { manifests, object, remove } = staging();
  const id = "StatefulSet/mezo-node-0";
  const copy = structuredClone(object(id));
  remove(id);
  manifests.push({ ...copy, metadata: { ...copy.metadata, name: "other" } });
  expect(findings(rule, manifests)).toEqual([
    "StatefulSet/mezo-node-0 : there must be one; there are 0",
    "StatefulSet/other : the network has no such object",
  ]);
});

test("a paused validator has no replica, and the others stay as they are", () => {
  const paused = { ...network, paused: [{ validator: 0, reason: "its machine burned down" }] };
  expect(findings(rule, staging().manifests, paused)).toEqual([
    "StatefulSet/mezo-node-0 spec.replicas: must be 0, is 1",
  ]);
});

test("a staged upgrade is for its validators alone", () => {
  const staged = { ...network, stagedUpgrade: { tag: "v0.2.1", validators: [4] } };
  expect(findings(rule, staging().manifests, staged)).toEqual(
    ["initContainers", "containers"].map((list) =>
      expect.stringMatching(`^StatefulSet/mezo-node-4 spec.template.spec.${list}\\[0\\].image: must be .*:v0.2.1, is`),
    ),
  );
});

test("a checksum of the keystore may be there, and must be one", () => {
  const { manifests, object } = staging();
  const { metadata } = object("StatefulSet/mezo-node-0").spec.template;
  metadata.annotations = { "checksum/keystore": "0".repeat(64) };
  expect(findings(rule, manifests)).toEqual([]);
  metadata.annotations = { "checksum/keystore": "x" };
  expect(findings(rule, manifests)[0]).toContain('annotations["checksum/keystore"]: must be a SHA-256 in hex, is x');
});

test("a validator with settings and a volume of its own must have them, and nobody else may", () => {
  const settings = { ...network.settings, app: { pruning: "default" } };
  const own = { ...network, perValidator: [{ validator: 3, settings, storage: { size: "2Ti" } }] };
  expect(findings(rule, staging().manifests, own)).toEqual([
    expect.stringMatching(/^StatefulSet\/mezo-node-3 .*configMap.name: must be mezo-node-3-config with the hash/),
    expect.stringMatching(/^StatefulSet\/mezo-node-3 .*requests.storage: must be 2Ti, is 100Gi$/),
  ]);
  const alike = { ...own, perValidator: [{ validator: 3, settings: { ...settings, app: {} }, storage: {} }] };
  expect(findings(rule, staging().manifests, alike)).toEqual([]);
});
