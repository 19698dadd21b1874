import { defineNetwork } from "generators/network/define.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { conform } from "scripts/validate/kubeconform.ts";
import { kubernetesVersions } from "tools/schemas.ts";
import { describe, expect, test } from "vitest";
import { staging } from "../support/networks.ts";
import { built as builtFor, connectSidecar, errors } from "../support/releases.ts";
import type { Any } from "../support/rules/overlay.ts";

const gke = { ...(staging.gke as NonNullable<Network["gke"]>), version: "1.35" };
const upgrade = { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" };
const maintenance = [{ validator: 3, reason: "its database is copied" }];
const paused = [{ validator: 3, reason: "its machine burned down" }];

const changed = (change: Partial<NetworkInput>) =>
  defineNetwork({ ...staging, gke, connectSidecar, ...change } as NetworkInput);

/** What Argo CD would get for a network. */
async function built(network: Network) {
  const { manifests, yaml } = await builtFor(network);
  const object = (id: string): Any => manifests.find(({ kind, metadata }) => `${kind}/${metadata.name}` === id);
  const pod = (index: number) => object(`StatefulSet/mezo-node-${index}`).spec.template.spec;
  return { manifests, yaml, object, pod };
}

describe.each<[string, Partial<NetworkInput>]>([
  ["a planned upgrade", { upgrade }],
  [
    "a planned upgrade by a digest",
    {
      upgrade: {
        ...upgrade,
        tag: undefined,
        digest: `sha256:${"a".repeat(64)}`,
        release: "v0.3.0-rc3",
      } as NetworkInput["upgrade"],
    },
  ],
  ["a fork", { image: { ...staging.image, tag: "v0.3.0-rc3" }, upgrade: { before: 1_745_000, tag: "v0.4.0-rc1" } }],
  ["heights to skip", { emergency: { skipUpgrades: [7, 8] } }],
  ["an upgrade and heights to skip", { upgrade, emergency: { skipUpgrades: [7] } }],
  ["a validator in maintenance", { maintenance }],
  ["a validator in maintenance during an upgrade", { upgrade, maintenance }],
  ["a paused validator", { paused }],
])("staging with %s", (_, change) => {
  test("builds, fits the schemas and keeps the rules", async () => {
    const network = changed(change);
    const { manifests, yaml } = await built(network);
    for (const version of kubernetesVersions) expect(await conform(version, yaml)).toEqual([]);
    expect(errors(manifests, network)).toEqual([]);
  });
});

test("Kustomize leaves the next release's tag alone, also where the image is named without a registry", async () => {
  const image = { repository: "mezo-node", tag: "v0.2.0-rc3" };
  const network = changed({ image, upgrade });
  const { manifests, pod } = await built(network);
  const { containers, volumes } = pod(0);
  expect(containers[0].image).toBe("mezo-node:v0.2.0-rc3");
  expect(volumes.find((each: Any) => each.image).image.reference).toBe("docker.io/library/mezo-node:v0.3.0-rc3");
  expect(errors(manifests, network)).toEqual([]);
});

test("each pod has the next release beside its own, and what it needs to start it", async () => {
  const { pod } = await built(changed({ upgrade, emergency: { skipUpgrades: [7, 8] } }));
  for (const { index } of staging.validators) {
    const { initContainers, containers, volumes } = pod(index);
    const reference = `${staging.image.repository}:v0.3.0-rc3`;
    expect(volumes).toContainEqual({ name: "next", image: { reference, pullPolicy: "IfNotPresent" } });
    for (const { volumeMounts, image } of [initContainers[0], containers[0]]) {
      expect(image).toBe(`${staging.image.repository}:v0.2.0-rc3`);
      expect(volumeMounts).toContainEqual({ name: "next", mountPath: "/next", readOnly: true });
    }
    const [{ command, args, env, livenessProbe, startupProbe }] = containers;
    expect(command).toEqual(["/bin/sh", "/scripts/launch.sh", "start", "--unsafe-skip-upgrades", "7,8"]);
    expect(args).toEqual(["--home", "/mnt/.mezod", "--moniker", `mezo-node-${index}`, "--metrics"]);
    expect(env).toContainEqual({ name: "UPGRADE_NAME", value: "v0.3.0" });
    expect(env).toContainEqual({ name: "UPGRADE_HEIGHT", value: "1093501" });
    expect(livenessProbe).toEqual({
      exec: { command: ["/bin/sh", "/scripts/liveness.sh"] },
      periodSeconds: 15,
      timeoutSeconds: 15,
      failureThreshold: 8,
    });
    expect(startupProbe.httpGet.path).toBe("/health");
  }
});

test("the pod of a validator in maintenance only sleeps; nobody is led there, and the others do not change", async () => {
  const [before, after] = [await built(changed({})), await built(changed({ maintenance }))];
  const { initContainers, containers } = after.pod(3);
  const [{ command, args, ports, lifecycle, startupProbe, livenessProbe, readinessProbe, volumeMounts }] = containers;
  expect({ initContainers, args, ports, lifecycle, startupProbe, livenessProbe, readinessProbe }).toEqual({});
  expect(command.slice(0, 2)).toEqual(["/bin/sh", "-c"]);
  expect(volumeMounts).toEqual(before.pod(3).containers[0].volumeMounts);
  expect(after.object("StatefulSet/mezo-node-3").spec.replicas).toBe(1);
  for (const index of [0, 1, 2, 4]) expect(after.pod(index)).toEqual(before.pod(index));
  expect(after.object("PodDisruptionBudget/mezo-node").spec.maxUnavailable).toBe(0);
  const gate = after.object("Job/mezo-gate-1").spec.template.spec.containers[0].env;
  const said = (name: string) => gate.find((each: Any) => each.name === name).value;
  expect(said("PAUSED")).toMatch(/^mezo-node-3-internal=/);
  expect(said("VALIDATORS")).not.toContain("mezo-node-3");
});

test("the gate of the batch of a validator that goes into maintenance asks; the others' gates have nothing to ask", async () => {
  const [before, after] = [await built(changed({})), await built(changed({ maintenance }))];
  const fingerprint = ({ object }: Awaited<ReturnType<typeof built>>, batch: number) =>
    object(`ConfigMap/mezo-gate-${batch}-done`).data.fingerprint;
  const differs = [1, 2, 3, 4, 5].filter((batch) => fingerprint(before, batch) !== fingerprint(after, batch));
  expect(differs).toEqual([4]);
});

test.each<[string, (pod: Any) => void, string]>([
  [
    "another image of the next release",
    (p) => (p.volumes.find((v: Any) => v.image).image.reference = "x.example/mezod:v0.3.0"),
    "image.reference: must be",
  ],
  [
    "a next release that is pulled at each start",
    (p) => (p.volumes.find((v: Any) => v.image).image.pullPolicy = "Always"),
    "image.pullPolicy: must be IfNotPresent",
  ],
  ["no launcher", (p) => (p.containers[0].command = ["mezod", "start"]), "command[0]: must be /bin/sh"],
  [
    "another plan",
    (p) => (p.containers[0].env.find((e: Any) => e.name === "UPGRADE_HEIGHT").value = "5"),
    "must be 1093501, is 5",
  ],
  [
    "a probe that never restarts the node",
    (p) => (p.containers[0].livenessProbe = { httpGet: { path: "/health", port: "rpc" } }),
    "livenessProbe.exec",
  ],
  [
    "preflight that does not see the next release",
    (p) => p.initContainers[0].volumeMounts.splice(0, 1),
    "initContainers[0].volumeMounts: must have mountPath",
  ],
  [
    "a liveness probe of a few seconds",
    (p) => (p.containers[0].livenessProbe.failureThreshold = 1),
    "failureThreshold: must be 8",
  ],
])("with an upgrade planned, %s is found", async (_, change, message) => {
  const network = changed({ upgrade });
  const { manifests, pod } = await built(network);
  change(pod(2));
  expect(errors(manifests, network).join("\n")).toContain(message);
});

test.each<[string, (pod: Any) => void, string]>([
  ["a node", (p) => (p.containers[0].command = ["mezod", "start"]), "command[0]: must be /bin/sh"],
  ["another script", (p) => (p.containers[0].command[2] = "exec mezod start"), "command[2]: must be"],
  [
    "a port, to which Services lead",
    (p) => (p.containers[0].ports = [{ name: "json-rpc", containerPort: 8545 }]),
    "ports: must not be set",
  ],
  [
    "a probe, which fails",
    (p) => (p.containers[0].readinessProbe = { exec: { command: ["false"] } }),
    "readinessProbe: must not be set",
  ],
  ["an init container", (p) => (p.initContainers = [{ name: "reset" }]), "initContainers: must not be set"],
])("in maintenance, %s is found", async (_, change, message) => {
  const network = changed({ maintenance });
  const { manifests, pod } = await built(network);
  change(pod(3));
  expect(errors(manifests, network).join("\n")).toContain(message);
});
