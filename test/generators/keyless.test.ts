import { defineNetwork } from "generators/network/define.ts";
import type { Network, NetworkDeclaration, NetworkInput } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import { toYaml } from "generators/yaml.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import { finished } from "scripts/upgrade/finish.ts";
import { conform } from "scripts/validate/kubeconform.ts";
import { parse } from "smol-toml";
import { kubernetesVersions } from "tools/schemas.ts";
import { describe, expect, test } from "vitest";
import {
  everything,
  localWithRpcNodes,
  roomy,
  rpcNodes,
  seedNodes,
  served,
  stateSync,
  withKeyless,
} from "../support/keyless.ts";
import { staging } from "../support/networks.ts";
import { built, errors, planned, withRelease } from "../support/releases.ts";
import { copied } from "../support/rules/overlay.ts";

// biome-ignore lint/suspicious/noExplicitAny: objects of every kind, read as they are.
type Any = any;

const objects = async (network: Network) => copied((await built(network)).manifests);
const ids = (manifests: readonly Manifest[], pattern: RegExp) =>
  manifests
    .map(({ kind, metadata }) => `${kind}/${metadata.name}`)
    .filter((id) => pattern.test(id))
    .sort();
const pod = (set: Any) => set.spec.template.spec;
const files = (network: Network, kind: string) =>
  Object.fromEntries(
    [...render([{ network }])].flatMap(([path, text]) => {
      const name = new RegExp(`^overlays/staging/${kind}/config/(\\w+)\\.toml$`).exec(path)?.[1];
      return name ? [[name, parse(text) as Any]] : [];
    }),
  );

const variants: [string, Network][] = [
  ["declared", withKeyless()],
  ["that answer with validators", withKeyless({ jsonRpcServedBy: "both" })],
  ["that answer alone, with all that there is", everything()],
  ["on machines of their own", withKeyless({ spread: "required" })],
  ["of a later release", withRelease("v12.0.0", { gke: roomy, rpcNodes, seedNodes })],
  ["collected by annotations", withKeyless({ monitoring: { kind: "annotations", namespace: "monitoring" } })],
  ["collected by an operator", withKeyless({ monitoring: { kind: "prometheus-operator", namespace: "monitoring" } })],
  ["with archives among them", withKeyless({ rpcNodes: { ...rpcNodes, replicas: 3, archive: 1 } })],
  ["without GKE", localWithRpcNodes({ jsonRpcServedBy: "rpcNodes" })],
];

describe.each(variants)("nodes without keys %s", async (_, network) => {
  const { manifests } = await objects(network);

  test("break no rule", () => {
    expect(errors(manifests, network)).toEqual([]);
  });

  test("fit the schemas", async () => {
    const yaml = manifests.map(toYaml).join("---\n");
    for (const version of kubernetesVersions) expect(await conform(version, yaml)).toEqual([]);
  });

  test("have no Secret, and are no validators", () => {
    const sets = manifests.filter(({ kind, metadata }) => kind === "StatefulSet" && metadata.labels?.type !== "node");
    expect(sets.length).toBeGreaterThan(0);
    expect(JSON.stringify(sets)).not.toMatch(/secret/i);
    expect(sets.filter(({ metadata }) => metadata.labels?.id !== undefined)).toEqual([]);
    for (const gate of manifests.filter(({ kind }) => kind === "Job")) {
      expect(JSON.stringify(gate)).not.toMatch(/rpc-node|seed/);
    }
  });
});

test("to declare them, and to let them answer, restarts no validator and leaves its objects as they were", async () => {
  // What follows from the size of machines alone is the same in both.
  const { seedAddress: _, ...gke } = roomy;
  const expose: Network["expose"] = ["p2p"];
  const before = await objects({ ...staging, gke, expose });
  const validators = ids(before.manifests, /^(StatefulSet|Service|PodDisruptionBudget|Job)\/mezo-(node|gate)/);
  for (const network of [withKeyless({ expose }), withKeyless({ expose, jsonRpcServedBy: "both" }), served()]) {
    const after = await objects(network);
    for (const id of validators) expect(after.object(id)).toEqual(before.object(id));
  }
});

test("the public's JSON-RPC goes over to them by way of both, and no selector takes a pod that does not answer", async () => {
  const selectors = await Promise.all(
    [withKeyless(), withKeyless({ jsonRpcServedBy: "both" }), served()].map(async (network) => {
      const { object } = await objects(network);
      return object("Service/mezo-rpc").spec.selector;
    }),
  );
  expect(selectors).toEqual([
    { app: "mezo", type: "node" },
    { app: "mezo", "apps.kubernetes.io/pod-index": "0" },
    { app: "mezo", type: "rpc-node" },
  ]);
  const { object } = await objects(withKeyless());
  expect(object("StatefulSet/mezo-seed").spec.ordinals).toEqual({ start: 1 });
});

test("validators close JSON-RPC, and what clients may reach, once nobody is led there any more", async () => {
  const clients: Network["clients"] = [{ namespace: "explorer", ports: ["json-rpc"] }];
  const open = await objects(withKeyless({ clients, jsonRpcServedBy: "both" }));
  expect(ids(open.manifests, /^NetworkPolicy\/mezo-(rpc|node-clients|rpc-node-(clients|json-rpc))$/)).toHaveLength(4);
  const closed = await objects(served({ clients }));
  expect(ids(closed.manifests, /^NetworkPolicy\/mezo-(rpc|node-clients|rpc-node-(clients|json-rpc))$/)).toEqual([
    "NetworkPolicy/mezo-rpc-node-clients",
    "NetworkPolicy/mezo-rpc-node-json-rpc",
  ]);
  const ports = (id: string) => closed.object(id).spec.ports.map(({ name }: Any) => name);
  expect(ports("Service/mezo-node-0")).toEqual(["p2p"]);
  expect(ports("Service/mezo-node-0-internal")).toEqual(["rpc"]);
  expect(ports("Service/mezo-rpc-node")).toEqual(["rpc", "json-rpc", "own-json-rpc", "own-json-rpc-ws"]);
});

test("their files are those of validators, but for what makes them what they are", () => {
  const { app, config } = files(withKeyless(), "rpc-node");
  expect(app["json-rpc"]).toMatchObject({ enable: true, "enable-indexer": true, "max-open-connections": 1000 });
  expect(app.pruning).toBe("nothing");
  expect(config.priv_validator_key_file).toBe("signer/priv_validator_key.json");
  expect(config.priv_validator_state_file).toBe("signer/priv_validator_state.json");
  expect(config.p2p).toMatchObject({ pex: false, seed_mode: false });
  const peers = config.p2p.persistent_peers.split(",");
  expect(peers).toHaveLength(5);
  expect(peers[0]).toMatch(/^[0-9a-f]{40}@mezo-node-0\.default\.svc\.cluster\.local:26656$/);

  const seed = files(withKeyless(), "seed");
  expect(seed.app).toMatchObject({ pruning: "everything", "json-rpc": { enable: false }, grpc: { enable: false } });
  expect(seed.app["state-sync"]["snapshot-interval"]).toBe(0);
  expect(seed.config).toMatchObject({ p2p: { seed_mode: true, pex: true }, tx_index: { indexer: "null" } });
});

test("their own settings lie over those of validators, and what the network says of validators alone does not reach them", () => {
  const settings = { app: { "json-rpc": { "gas-cap": 50_000_000, "logs-cap": 5000 } } };
  const network = served({
    settings: { app: { "json-rpc": { enable: false, "logs-cap": 7000 } } },
    rpcNodes: { ...rpcNodes, settings },
  });
  expect(files(network, "rpc-node").app["json-rpc"]).toMatchObject({
    enable: true,
    "gas-cap": 50_000_000,
    "logs-cap": 5000,
  });
});

test("a volume is a copy of a snapshot or of another claim, and only theirs is", async () => {
  const from = async (from: NonNullable<NonNullable<Network["rpcNodes"]>["storage"]["from"]>) => {
    const { object } = await objects(
      withKeyless({ rpcNodes: { ...rpcNodes, storage: { ...rpcNodes.storage, from } } }),
    );
    expect(object("StatefulSet/mezo-node-0").spec.volumeClaimTemplates[0].spec.dataSource).toBeUndefined();
    return object("StatefulSet/mezo-rpc-node").spec.volumeClaimTemplates[0].spec.dataSource;
  };
  expect(await from({ snapshot: "mezo-1" })).toEqual({
    apiGroup: "snapshot.storage.k8s.io",
    kind: "VolumeSnapshot",
    name: "mezo-1",
  });
  expect(await from({ claim: "mezo-node-data-mezo-node-3-0" })).toEqual({
    kind: "PersistentVolumeClaim",
    name: "mezo-node-data-mezo-node-3-0",
  });
});

test("by state sync they trust what the network says, and may ask the servers", async () => {
  const { object } = await objects(withKeyless({ stateSync }));
  const env = pod(object("StatefulSet/mezo-rpc-node")).containers[0].env;
  expect(env).toContainEqual({ name: "MEZOD_STATESYNC_ENABLE", value: "true" });
  expect(env).toContainEqual({ name: "MEZOD_STATESYNC_RPC_SERVERS", value: stateSync.rpcServers.join(",") });
  expect(object("NetworkPolicy/mezo-rpc-node-state-sync").spec.egress[0].ports.map(({ port }: Any) => port)).toEqual([
    26657, 443,
  ]);
  expect(JSON.stringify(object("StatefulSet/mezo-seed"))).not.toContain("STATESYNC");
  expect(JSON.stringify(object("StatefulSet/mezo-node-0"))).not.toContain("STATESYNC");
});

test("a proxy answers for each RPC node, and asks the others past theirs; none else may", async () => {
  const { manifests, object } = await objects(served());
  const [node, proxy] = pod(object("StatefulSet/mezo-rpc-node")).containers;
  expect(proxy).toMatchObject({ name: "proxy", image: "caddy:2.11.9" });
  const ports = ({ ports }: Any) =>
    Object.fromEntries(ports.map(({ name, containerPort }: Any) => [name, containerPort]));
  expect(ports(proxy)).toEqual({ "json-rpc": 8545, "json-rpc-ws": 8546 });
  expect(ports(node)).toMatchObject({ "own-json-rpc": 18545, "own-json-rpc-ws": 18546 });
  const { app } = files(served(), "rpc-node");
  expect(app["json-rpc"]).toMatchObject({ address: "0.0.0.0:18545", "ws-address": "0.0.0.0:18546" });

  const scripts = manifests.find(({ metadata }) => metadata.name.startsWith("mezo-keyless-scripts-")) as Any;
  expect(scripts.data.Caddyfile).toContain("reverse_proxy 127.0.0.1:18545 {");
  expect(scripts.data.Caddyfile).toContain("reverse_proxy @down mezo-rpc-node.default.svc.cluster.local.:18545 {");
  const own = object("Service/mezo-rpc-node").spec.ports.find(({ name }: Any) => name === "own-json-rpc");
  expect(own).toEqual({ name: "own-json-rpc", port: 18545, targetPort: "own-json-rpc" });
  const opened = manifests.flatMap(({ kind, metadata, spec }: Any) =>
    kind === "NetworkPolicy"
      ? (spec.ingress ?? []).flatMap(({ ports = [], from }: Any) =>
          ports.some(({ port }: Any) => port === 18545) ? [[metadata.name, from]] : [],
        )
      : [],
  );
  expect(opened).toEqual([["mezo-rpc-node", [{ podSelector: { matchLabels: { app: "mezo", type: "rpc-node" } } }]]]);
  expect(JSON.stringify(pod(object("StatefulSet/mezo-seed")))).not.toContain("caddy");
});

test("a network says which image its proxies run, and what they may take", async () => {
  const proxy = {
    image: `registry.example.org/caddy@sha256:${"a".repeat(64)}`,
    resources: { cpu: "1", memory: "1Gi" },
  };
  const network = withKeyless({ rpcNodes: { ...rpcNodes, proxy } });
  const { manifests, object } = await objects(network);
  expect(errors(manifests, network)).toEqual([]);
  const { image, resources } = pod(object("StatefulSet/mezo-rpc-node")).containers[1];
  expect(image).toBe(proxy.image);
  expect(resources).toMatchObject({ requests: proxy.resources, limits: { memory: "1Gi" } });
});

test("a planned upgrade reaches them: both releases, the launcher, and the probe that restarts a node that has stopped", async () => {
  const upgrade = { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" };
  const network = planned("v0.2.0-rc3", upgrade, { gke: { ...roomy, version: "1.35" }, rpcNodes, seedNodes });
  const { manifests, object } = await objects(network);
  expect(errors(manifests, network)).toEqual([]);
  for (const name of ["mezo-rpc-node", "mezo-seed"]) {
    const { containers, initContainers, volumes } = pod(object(`StatefulSet/${name}`));
    expect(volumes).toContainEqual({
      name: "next",
      image: { reference: `${staging.image.repository}:v0.3.0-rc3`, pullPolicy: "IfNotPresent" },
    });
    for (const each of [containers[0], ...initContainers]) {
      expect(each.volumeMounts).toContainEqual({ name: "next", mountPath: "/next", readOnly: true });
    }
    expect(containers[0].env).toContainEqual({ name: "UPGRADE_HEIGHT", value: "1093501" });
    expect(containers[0].livenessProbe).toMatchObject({ exec: { command: ["/bin/sh", "/scripts/liveness.sh"] } });
    expect(containers[0].livenessProbe.httpGet).toBeUndefined();
  }
  const scripts = manifests.find(({ metadata }) => metadata.name.startsWith("mezo-keyless-scripts-")) as Any;
  expect(scripts.data["start-rpc-node.sh"]).toContain('exec /bin/sh /scripts/launch.sh "$@"');
  expect(Object.keys(scripts.data)).toContain("launch.sh");
});

test("once the upgrade is finished, they run the new release alone", async () => {
  const upgrade = { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" };
  const gke = { ...roomy, version: "1.35" };
  const waiting = planned("v0.2.0-rc3", upgrade, { gke, rpcNodes, seedNodes });
  const network = defineNetwork(finished(waiting as NetworkDeclaration) as NetworkInput);
  const { manifests, object } = await objects(network);
  expect(errors(manifests, network)).toEqual([]);
  for (const name of ["mezo-rpc-node", "mezo-seed"]) {
    const { containers, volumes } = pod(object(`StatefulSet/${name}`));
    expect(containers[0].image).toMatch(/:v0\.3\.0-rc3$/);
    expect(volumes.filter(({ image }: Any) => image)).toEqual([]);
  }
});

test("load balancers have the policy of Cloud Armor and the share of requests that is logged", async () => {
  const { object } = await objects(everything());
  expect(object("BackendConfig/mezo-rpc-backend-config").spec).toMatchObject({
    securityPolicy: { name: "mezo-staging-public" },
    logging: { enable: true, sampleRate: 0.1 },
  });
  expect(object("BackendConfig/mezo-rpc-ws-backend-config").spec).toMatchObject({
    securityPolicy: { name: "" },
    logging: { enable: false },
  });
});

test("they are collected, and their volumes and restarts raise alerts", async () => {
  const { manifests } = await objects(withKeyless());
  expect(ids(manifests, /^PodMonitoring/)).toEqual([
    "PodMonitoring/mezo-node",
    "PodMonitoring/mezo-rpc-node",
    "PodMonitoring/mezo-seed",
  ]);
  const rules = manifests.find(({ kind }) => kind === "Rules") as Any;
  const expr = (name: string) => rules.spec.groups[0].rules.find(({ alert }: Any) => alert === name).expr;
  expect(expr("DiskFull")).toContain("mezo-rpc-node-data-mezo-rpc-node-[0-9]+");
  expect(expr("OutOfMemory")).toContain("mezo-seed-[0-9]+");
  // Nobody counts them as signers.
  expect(expr("ChainHalted")).not.toContain("rpc-node");
});
