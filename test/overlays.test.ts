import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { header } from "generators/render.ts";
import { filesAt } from "generators/tree.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import { build } from "scripts/objects/overlays.ts";
import { describe, expect, test } from "vitest";
import { edit } from "./support/artifacts.ts";
import { checkout, run } from "./support/checkout.ts";
import { inventedValidators, local, staging as stagingNetwork } from "./support/networks.ts";

// biome-ignore lint/suspicious/noExplicitAny: objects of every kind, read as they are.
type Any = any;

const root = resolve(import.meta.dirname, "..");
const networks = { staging: stagingNetwork, local };
const byName = (a: Any, b: Any) => (a.name < b.name ? -1 : 1);
// The validators of the live network.
const live = [0, 1, 2, 3, 4];

/** An overlay's objects by "Kind/name", with the hashes that Kustomize appends to ConfigMaps cut off. */
async function objects(overlay: string, from = root): Promise<Record<string, Any>> {
  const { manifests } = await build(from, overlay);
  const id = ({ kind, metadata: { name } }: Manifest) =>
    `${kind}/${kind === "ConfigMap" ? name.replace(/-[a-z0-9]{10}$/, "") : name}`;
  return Object.fromEntries(manifests.map((manifest) => [id(manifest), manifest]));
}

describe("staging takes over the objects of the live network", async () => {
  const staging = await objects("staging");

  test.each(live)("StatefulSet mezo-node-%i, in every immutable field", (i) => {
    const name = `mezo-node-${i}`;
    const labels = { app: "mezo", type: "node", id: String(i) };
    const object = staging[`StatefulSet/${name}`];
    expect(object).toMatchObject({
      metadata: { name, namespace: "default", labels },
      spec: {
        serviceName: name,
        replicas: 1,
        podManagementPolicy: "OrderedReady",
        template: { metadata: { labels } },
      },
    });
    expect(object.spec.selector).toEqual({ matchLabels: labels });
    expect(object.spec.volumeClaimTemplates).toEqual([
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "mezo-node-data" },
        spec: {
          accessModes: ["ReadWriteOnce"],
          resources: { requests: { storage: "100Gi" } },
          storageClassName: "premium-rwo",
        },
      },
    ]);
    const [node] = object.spec.template.spec.containers;
    expect(node).toMatchObject({
      name: "mezo-node",
      command: ["mezod", "start"],
      args: ["--home", "/mnt/.mezod", "--moniker", name, "--metrics"],
      resources: { requests: { cpu: "2", memory: "10Gi" }, limits: { memory: "10Gi" } },
    });
    expect(node.volumeMounts).toContainEqual({ name: "mezo-node-data", mountPath: "/mnt/.mezod/data" });
  });

  test.each(live)("Service mezo-node-%i, on its static IP, with all ports that it offers", (i) => {
    expect(staging[`Service/mezo-node-${i}`]).toMatchObject({
      metadata: {
        annotations: {
          "cloud.google.com/l4-rbs": "enabled",
          "networking.gke.io/load-balancer-ip-addresses": `mezo-staging-node-${i}-external-ip`,
        },
      },
      spec: {
        type: "LoadBalancer",
        externalTrafficPolicy: "Local",
        selector: { app: "mezo", type: "node", id: String(i) },
        publishNotReadyAddresses: true,
      },
    });
    const ports = { p2p: 26656, rpc: 26657, api: 1317, grpc: 9090, "json-rpc": 8545, "json-rpc-ws": 8546 };
    expect(staging[`Service/mezo-node-${i}`].spec.ports.toSorted(byName)).toEqual(
      Object.entries(ports)
        .map(([name, port]) => ({ name, port, targetPort: name }))
        .toSorted(byName),
    );
  });

  test("the sidecar", () => {
    const labels = { app: "mezo", type: "ethereum-sidecar" };
    expect(staging["Deployment/ethereum-sidecar"]).toMatchObject({
      metadata: { labels },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } },
    });
    expect(staging["Deployment/ethereum-sidecar"].spec.template.spec.containers[0]).toMatchObject({
      command: ["mezod", "ethereum-sidecar"],
      args: ["--ethereum-sidecar.server.ethereum-node-address", "$(ETHEREUM_NODE_ADDRESS)"],
      env: [
        {
          name: "ETHEREUM_NODE_ADDRESS",
          valueFrom: { secretKeyRef: { name: "ethereum-sidecar-config", key: "ethereum-node-address" } },
        },
        { name: "HOME", value: "/tmp" },
      ],
      ports: [{ name: "server", containerPort: 7500 }],
      resources: { requests: { cpu: "250m", memory: "512Mi" }, limits: { memory: "512Mi" } },
    });
    expect(staging["Service/ethereum-sidecar"].spec).toMatchObject({ selector: labels, ports: [{ port: 7500 }] });
  });

  test("JSON-RPC and its load balancers", () => {
    const rpc = staging["Service/mezo-rpc"];
    expect(rpc.spec).toMatchObject({
      selector: { app: "mezo", type: "node" },
      ports: [
        { name: "json-rpc", port: 8545 },
        { name: "json-rpc-ws", port: 8546 },
      ],
    });
    expect(JSON.parse(rpc.metadata.annotations["cloud.google.com/backend-config"])).toEqual({
      ports: { "json-rpc": "mezo-rpc-backend-config", "json-rpc-ws": "mezo-rpc-ws-backend-config" },
    });
    expect(JSON.parse(rpc.metadata.annotations["cloud.google.com/neg"])).toEqual({ ingress: true });
    const healthCheck = { type: "HTTP", port: 26657, requestPath: "/status", checkIntervalSec: 10, timeoutSec: 5 };
    expect(staging["BackendConfig/mezo-rpc-backend-config"].spec).toEqual({
      healthCheck,
      connectionDraining: { drainingTimeoutSec: 30 },
    });
    expect(staging["BackendConfig/mezo-rpc-ws-backend-config"].spec).toEqual({
      healthCheck,
      timeoutSec: 1800,
      connectionDraining: { drainingTimeoutSec: 1800 },
    });
    for (const [name, port] of [
      ["rpc", 8545],
      ["rpc-ws", 8546],
    ]) {
      expect(staging[`Ingress/mezo-${name}`]).toMatchObject({
        metadata: {
          annotations: {
            "kubernetes.io/ingress.global-static-ip-name": `mezo-staging-${name}-external-ip`,
            "ingress.gcp.kubernetes.io/pre-shared-cert": `mezo-staging-${name}-ssl-certificate`,
            "networking.gke.io/v1beta1.FrontendConfig": "mezo-rpc-frontend-config",
          },
        },
        spec: { defaultBackend: { service: { name: "mezo-rpc", port: { number: port } } } },
      });
    }
    expect(staging["FrontendConfig/mezo-rpc-frontend-config"].spec).toEqual({ redirectToHttps: { enabled: true } });
  });

  test("both ConfigMaps hold the files of the same names", () => {
    expect(Object.keys(staging["ConfigMap/mezo-node-config"].data)).toEqual(["app.toml", "client.toml", "config.toml"]);
    expect(Object.keys(staging["ConfigMap/mezo-genesis-config"].data)).toEqual(["genesis.json"]);
  });
});

describe.each(["staging", "local"] as const)("%s is hardened", async (overlay) => {
  const validators = networks[overlay].validators.map(({ index }) => index);
  const all = await objects(overlay);
  const wave = (id: string) => Number(all[id].metadata.annotations?.["argocd.argoproj.io/sync-wave"] ?? 0);
  const pods = Object.entries(all).filter(([id]) => /^(StatefulSet|Deployment)/.test(id));

  test("each validator has its own wave, Services come before them, and what depends on the outside world after them", () => {
    const ids = Object.keys(all);
    // Before each validator its gate, and behind it the word that it is done, where Argo CD deploys the network.
    const order = validators.flatMap((i): [id: string, wave: number][] => [
      [`Job/mezo-gate-${i + 1}`, 2 * i + 1],
      [`StatefulSet/mezo-node-${i}`, 2 * i + 2],
      [`ConfigMap/mezo-gate-${i + 1}-done`, 2 * i + 3],
    ]);
    const present = order.filter(([id]) => ids.includes(id));
    expect(present).toHaveLength(overlay === "staging" ? 15 : 5);
    expect(present.map(([id]) => [id, wave(id)])).toEqual(present);
    const late = ids.filter((id) => wave(id) > 2 * validators.length + 1);
    expect(late.filter((id) => !id.startsWith("Ingress"))).toEqual([
      "Deployment/ethereum-sidecar",
      ...ids.filter((id) => ["PodMonitoring/mezo-node", "Rules/mezo-alerts"].includes(id)),
    ]);
    expect(ids.filter((id) => id.startsWith("Ingress") && !late.includes(id))).toEqual([]);
    const ofValidators = validators.flatMap((i) => [`mezo-node-${i}`, `mezo-node-${i}-internal`]);
    const services = ["ethereum-sidecar", ...ofValidators, "mezo-rpc"];
    const early = ids.filter((id) => wave(id) === 0);
    expect(early.filter((id) => id.startsWith("Service/")).sort()).toEqual(services.map((name) => `Service/${name}`));
    expect(ids.filter((id) => id.startsWith("Service/") && !early.includes(id))).toEqual([]);
  });

  test.each(pods)("%s meets the restricted standard and has no token", (_id, workload) => {
    const { spec } = workload.spec.template;
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 65532,
        fsGroup: 65532,
        seccompProfile: { type: "RuntimeDefault" },
      },
    });
    for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        readOnlyRootFilesystem: true,
      });
      const { memory } = container.resources.requests;
      expect(container.resources.limits).toEqual({ memory });
      expect(container.image).toMatch(/mezo-node:v0\.2\.0-rc3$/);
    }
  });

  test("volumes outlive their validators, deleting the Application stops none, and a person confirms that one leaves", () => {
    for (const i of validators) {
      const { metadata, spec } = all[`StatefulSet/mezo-node-${i}`];
      expect(spec.persistentVolumeClaimRetentionPolicy).toEqual({ whenDeleted: "Retain", whenScaled: "Retain" });
      const { containers, terminationGracePeriodSeconds } = spec.template.spec;
      expect(terminationGracePeriodSeconds - containers[0].lifecycle.preStop.sleep.seconds).toBe(120);
      expect(metadata.annotations["argocd.argoproj.io/sync-options"]).toBe("Delete=false,Prune=confirm");
    }
  });

  test("a pod mounts its own keys, file by file, for its group to read", () => {
    for (const i of validators) {
      const { volumes } = all[`StatefulSet/mezo-node-${i}`].spec.template.spec;
      const secrets = JSON.stringify(volumes).match(/mezo-node-\d-keystore/g);
      expect(secrets).toEqual([`mezo-node-${i}-keystore`, `mezo-node-${i}-keystore`]);
      const { secret } = volumes.find(({ name }: Any) => name === "keyring");
      const { projected } = volumes.find(({ name }: Any) => name === "config");
      expect([secret.defaultMode, projected.defaultMode]).toEqual([0o440, 0o440]);
      expect(secret.items.map(({ path }: Any) => path)).toEqual([
        "keyhash",
        `mezo-node-${i}-key.info`,
        expect.stringMatching(/^[0-9a-f]{40}\.address$/),
      ]);
    }
  });

  test("all traffic that no policy allows is denied, both ways", () => {
    expect(all["NetworkPolicy/mezo-default-deny"].spec).toEqual({
      podSelector: { matchLabels: { app: "mezo" } },
      policyTypes: ["Ingress", "Egress"],
    });
  });
});

test("on staging Google's front ends reach JSON-RPC and rpc, also once these are closed to everybody", async () => {
  const { ingress } = (await objects("staging"))["NetworkPolicy/mezo-rpc"].spec;
  expect(ingress).toEqual([
    {
      from: [{ ipBlock: { cidr: "130.211.0.0/22" } }, { ipBlock: { cidr: "35.191.0.0/16" } }],
      ports: [8545, 8546, 26657].map((port) => ({ port, protocol: "TCP" })),
    },
  ]);
});

test("local has no cloud resources, and its namespace enforces the restricted standard", async () => {
  const { manifests, yaml } = await build(root, "local");
  expect(yaml).not.toMatch(/google|gke|LoadBalancer|storageClassName/);
  expect(manifests.map(({ kind }) => kind)).not.toContain("Ingress");
  expect(manifests.find(({ kind }) => kind === "Namespace")?.metadata.labels).toEqual({
    "pod-security.kubernetes.io/enforce": "restricted",
  });
});

test("staging's validators dial each other inside the cluster, and say at which host others reach them", async () => {
  const staging = await objects("staging");
  const peers = /persistent_peers = "([^"]*)"/.exec(staging["ConfigMap/mezo-node-config"].data["config.toml"])?.[1];
  expect(peers?.split(",").map((peer) => peer.split("@")[1])).toEqual(
    live.map((i) => `mezo-node-${i}.default.svc.cluster.local:26656`),
  );
  for (const i of live) {
    const [{ env }] = staging[`StatefulSet/mezo-node-${i}`].spec.template.spec.containers;
    const value = `mezo-node-${i}.test.mezo.org:26656`;
    expect(env).toContainEqual({ name: "MEZOD_P2P_EXTERNAL_ADDRESS", value });
  }
});

test("a changed setting renames the ConfigMap, changes every validator's template and its gate, and nothing else", async () => {
  const copy = checkout();
  const before = await objects("staging", copy);
  const file = join(copy, "generators/networks/staging.ts");
  const text = readFileSync(file, "utf8");
  writeFileSync(file, text.replace("  argocd:", "  settings: { config: { mempool: { size: 20000 } } },\n  argocd:"));
  expect(run(copy, "gen").stdout).toContain("11 written");
  const after = await objects("staging", copy);
  const changed = Object.keys(after).filter((id) => JSON.stringify(after[id]) !== JSON.stringify(before[id]));
  expect(changed.sort()).toEqual([
    ...live.map((i) => `ConfigMap/mezo-gate-${i + 1}-done`),
    "ConfigMap/mezo-node-config",
    ...live.map((i) => `Job/mezo-gate-${i + 1}`),
    ...live.map((i) => `StatefulSet/mezo-node-${i}`),
  ]);
  expect(after["ConfigMap/mezo-node-config"].metadata.name).not.toBe(
    before["ConfigMap/mezo-node-config"].metadata.name,
  );
});

test("settings and a volume of one validator change its own objects alone, and keep the rules", async () => {
  const copy = checkout();
  const before = await objects("staging", copy);
  edit(join(copy, "generators/networks/staging.ts"), (text) =>
    text.replace(
      "  argocd:",
      '  perValidator: [{ validator: 3, settings: { app: { pruning: "default" } }, storage: { size: "2Ti" } }],\n  argocd:',
    ),
  );
  expect(run(copy, "gen")).toMatchObject({ code: 0, stderr: "" });
  const after = await objects("staging", copy);
  const changed = Object.keys(after).filter((id) => JSON.stringify(after[id]) !== JSON.stringify(before[id]));
  expect(changed.sort()).toEqual([
    "ConfigMap/mezo-gate-4-done",
    "ConfigMap/mezo-node-3-config",
    "Job/mezo-gate-4",
    "StatefulSet/mezo-node-3",
  ]);
  const { volumes } = after["StatefulSet/mezo-node-3"].spec.template.spec;
  const mounted = volumes.find(({ name }: Any) => name === "config").projected.sources[0].configMap.name;
  expect(mounted).toBe(after["ConfigMap/mezo-node-3-config"].metadata.name);
  expect(after["ConfigMap/mezo-node-3-config"].data["app.toml"]).toContain('pruning = "default"');
  expect(run(copy, "validate", "staging").code).toBe(0);
});

test("a staged upgrade changes the image of its own validators alone", async () => {
  const copy = checkout();
  edit(join(copy, "generators/networks/staging.ts"), (text) =>
    text.replace('name: "staging",', 'name: "staging",\n  stagedUpgrade: { tag: "v0.2.1", validators: [4] },'),
  );
  expect(run(copy, "gen")).toMatchObject({ code: 0, stderr: "" });
  const staging = await objects("staging", copy);
  const tags = (id: string) => {
    const { initContainers = [], containers } = staging[id].spec.template.spec;
    return [...initContainers, ...containers].map(({ image }) => image.split(":").at(-1));
  };
  expect(tags("StatefulSet/mezo-node-4")).toEqual(["v0.2.1", "v0.2.1"]);
  expect(tags("StatefulSet/mezo-node-3")).toEqual(["v0.2.0-rc3", "v0.2.0-rc3"]);
  expect(tags("Deployment/ethereum-sidecar")).toEqual(["v0.2.0-rc3"]);
  expect(run(copy, "validate", "staging").code).toBe(0);
});

test("every base builds by itself and holds nothing of a network", async () => {
  const copy = checkout();
  rmSync(join(copy, "overlays"), { recursive: true });
  run(copy, "gen");
  for (const folder of readdirSync(join(copy, "base"))) {
    const { manifests } = await build(copy, `../base/${folder}`);
    expect(manifests.length).toBeGreaterThan(0);
    expect(JSON.stringify(manifests)).not.toMatch(/gke|google|mezo\.org|v0\.2\.0/);
  }
});

test.each([1, 100])("the same commands work with %i validators", async (count) => {
  const copy = checkout();
  const file = join(copy, "generators/networks/staging/validators.json");
  writeFileSync(file, JSON.stringify(inventedValidators(count)));
  edit(join(copy, "generators/networks/staging.ts"), (text) => text.replace("nodes: 3,", `nodes: ${count},`));
  expect(run(copy, "gen")).toMatchObject({ code: 0, stderr: "" });
  // All other objects are those of staging as it is committed.
  const isOfValidator = (id: string) => /^(Service|StatefulSet)\/mezo-node-\d|\/mezo-gate-\d/.test(id);
  const [ids, committed] = [Object.keys(await objects("staging", copy)), Object.keys(await objects("staging"))];
  const ofValidators = inventedValidators(count).flatMap(({ index, moniker }) => [
    `Service/${moniker}`,
    `Service/${moniker}-internal`,
    `StatefulSet/${moniker}`,
    `Job/mezo-gate-${index + 1}`,
    `ConfigMap/mezo-gate-${index + 1}-done`,
  ]);
  expect(ids.filter(isOfValidator).sort()).toEqual(ofValidators.sort());
  expect(ids.filter((id) => !isOfValidator(id))).toEqual(committed.filter((id) => !isOfValidator(id)));
  const { code, stdout } = run(copy, "validate", "staging");
  expect(stdout).toContain(`objects: staging ${ids.length},`);
  expect(code).toBe(0);
});

describe("generated files", () => {
  const files = ["base", "overlays"]
    .flatMap((top) => filesAt(root, top))
    .filter((path) => !/^overlays\/[^/]+\/keystores\//.test(path))
    .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

  test("say in their first line what made them, except for JSON", () => {
    const [json, others] = [
      files.filter(({ path }) => path.endsWith(".json")),
      files.filter(({ path }) => !path.endsWith(".json")),
    ];
    expect(new Set(others.map(({ path }) => path.split(".").at(-1)))).toEqual(new Set(["sh", "toml", "yaml"]));
    expect(others.filter(({ text }) => !text.startsWith(header))).toEqual([]);
    expect(header).toMatch(/^# Generated by `pnpm gen` [^\n]+\n$/);
    for (const { text } of json) expect(() => JSON.parse(text)).not.toThrow();
  });

  test("show file modes in octal behind the number", () => {
    const modes = files.flatMap(({ text }) => text.match(/defaultMode:.*/g) ?? []);
    expect(new Set(modes)).toEqual(new Set(["defaultMode: 288 # 0440"]));
  });
});
