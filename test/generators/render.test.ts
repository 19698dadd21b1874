import { createHash } from "node:crypto";
import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import { render, type Source } from "generators/render.ts";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { genesisOf } from "../support/genesis.ts";
import { inventedValidators, local, manyValidators, staging } from "../support/networks.ts";

const change = (input: Partial<NetworkInput>): Source => ({ network: defineNetwork({ ...staging, ...input }) });

const sidecar = staging.ethereumSidecar;

/** One rendered file, parsed. */
const file = (source: Source, path: string) => parse(render([source]).get(path) ?? "");

test("two networks that need the same files in base/ share them", () => {
  const paths = (sources: Source[]) => [...render(sources).keys()].filter((path) => path.startsWith("base/"));
  expect(paths([{ network: local }, { network: staging }])).toEqual(paths([{ network: staging }]));
});

test("a network with its own app has its own bases beside those of another, with other ports in them", () => {
  const own = { name: "acme", namespace: "acme", app: "acme", validators: acme(4) };
  const network = manyValidators(4, { ...own, ports: { p2p: 36656 }, ethereumSidecar: { ...sidecar, port: 7600 } });
  const foldersOf = (sources: Source[]) =>
    new Set([...render(sources).keys()].flatMap((path) => /^base\/([^/]+)/.exec(path)?.[1] ?? []));
  const theirs = foldersOf([{ network }]);
  expect([...theirs].filter((folder) => !folder.startsWith("acme-"))).toEqual([]);
  expect(foldersOf([{ network }, { network: staging }])).toEqual(
    new Set([...theirs, ...foldersOf([{ network: staging }])]),
  );
  const tree = render([{ network }, { network: staging }]);
  const port = (app: string) => parse(tree.get(`base/${app}-ethereum-sidecar/service.yaml`) ?? "").spec.ports[0].port;
  expect([port("acme"), port("mezo")]).toEqual([7600, 7500]);
});

test("exposed ports are on the Service and open in a policy", () => {
  const source = change({ expose: ["p2p", "rpc", "grpc"] });
  expect(file(source, "overlays/staging/mezo-node-0/service.yaml").spec.ports).toEqual([
    { name: "rpc", port: 26657, targetPort: "rpc" },
    { name: "grpc", port: 9090, targetPort: "grpc" },
  ]);
  expect(file(source, "overlays/staging/networkpolicy-exposed.yaml").spec.ingress).toEqual([
    { ports: [26657, 9090].map((port) => ({ port, protocol: "TCP" })) },
  ]);
  expect(file(source, "overlays/staging/kustomization.yaml").resources).toContain("networkpolicy-exposed.yaml");
});

test("clients reach their ports by policy, and find them on the Service for the network's own pods", () => {
  const source = change({
    expose: ["p2p"],
    clients: [
      { namespace: "explorer", ports: ["json-rpc", "json-rpc-ws"] },
      { podLabels: { app: "faucet" }, ports: ["json-rpc"] },
      { namespace: "indexer", podLabels: { role: "reader" }, ports: ["rpc", "grpc"] },
    ],
  });
  const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: "TCP" }));
  const namespace = (name: string) => ({
    namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
  });
  const pods = (matchLabels: object) => ({ podSelector: { matchLabels } });
  expect(file(source, "overlays/staging/networkpolicy-clients.yaml").spec).toEqual({
    podSelector: { matchLabels: { app: "mezo", type: "node" } },
    policyTypes: ["Ingress"],
    ingress: [
      { ports: tcp(8545, 8546), from: [namespace("explorer")] },
      { ports: tcp(8545), from: [pods({ app: "faucet" })] },
      { ports: tcp(26657, 9090), from: [{ ...namespace("indexer"), ...pods({ role: "reader" }) }] },
    ],
  });
  expect(file(source, "overlays/staging/kustomization.yaml").resources).toContain("networkpolicy-clients.yaml");
  expect(file(source, "overlays/staging/mezo-node-3/service-internal.yaml").spec.ports).toEqual([
    { name: "json-rpc", port: 8545, targetPort: "json-rpc" },
    { name: "json-rpc-ws", port: 8546, targetPort: "json-rpc-ws" },
    { name: "grpc", port: 9090, targetPort: "grpc" },
  ]);
  expect(render([change({})]).has("overlays/staging/networkpolicy-clients.yaml")).toBe(false);
});

/** What the node of one of staging's validators is told by its environment. */
const told = (source: Source, i: number): Record<string, string> =>
  Object.fromEntries(
    file(source, `overlays/staging/mezo-node-${i}/statefulset.yaml`).spec.template.spec.containers[0].env.map(
      ({ name, value }: Record<string, string>) => [name, value],
    ),
  );

test("a validator with a reserved address is told that, and others still dial its host", () => {
  const validators = staging.validators.map((each) => (each.index === 1 ? { ...each, address: "203.0.113.7" } : each));
  const source = change({ validators, peering: "hosts" });
  expect(told(source, 1).MEZOD_P2P_EXTERNAL_ADDRESS).toBe("203.0.113.7:26656");
  expect(told(source, 2).MEZOD_P2P_EXTERNAL_ADDRESS).toBe("mezo-node-2.test.mezo.org:26656");
  expect(render([source]).get("overlays/staging/config/config.toml")).toContain("@mezo-node-1.test.mezo.org:26656,");
});

test("state sync touches the validators that it names alone, and opens their way to the servers", () => {
  const plain = render([change({})]);
  const source = change({
    stateSync: {
      validators: [3],
      rpcServers: ["http://rpc-0.example.org:26657", "https://rpc-1.example.org:443", "http://rpc-2.example.org:26657"],
      trustHeight: 5_000_001,
      trustHash: "AB".repeat(32),
    },
  });
  expect(told(source, 3)).toMatchObject({
    MEZOD_STATESYNC_ENABLE: "true",
    MEZOD_STATESYNC_RPC_SERVERS:
      "http://rpc-0.example.org:26657,https://rpc-1.example.org:443,http://rpc-2.example.org:26657",
    MEZOD_STATESYNC_TRUST_HEIGHT: "5000001",
    MEZOD_STATESYNC_TRUST_HASH: "AB".repeat(32),
  });
  expect(file(source, "overlays/staging/mezo-node-3/networkpolicy.yaml")).toMatchObject({
    metadata: { name: "mezo-node-3-state-sync" },
    spec: {
      podSelector: { matchLabels: { app: "mezo", type: "node", id: "3" } },
      policyTypes: ["Egress"],
      egress: [{ ports: [26657, 443].map((port) => ({ port, protocol: "TCP" })) }],
    },
  });
  const changed = [...render([source])].filter(([path, text]) => plain.get(path) !== text).map(([path]) => path);
  expect(changed.filter((path) => !path.startsWith("overlays/staging/gates/")).sort()).toEqual([
    "overlays/staging/mezo-node-3/kustomization.yaml",
    "overlays/staging/mezo-node-3/networkpolicy.yaml",
    "overlays/staging/mezo-node-3/statefulset.yaml",
  ]);
});

test("a network brings its namespace, with the restricted standard, only where nobody else lives there", () => {
  const brings = (input: Partial<NetworkInput>) =>
    render([change({ expose: ["p2p"], ...input })]).has("overlays/staging/namespace.yaml");
  expect(brings({ lifecycle: "new", namespace: "mezo" })).toBe(true);
  expect(brings({ lifecycle: "new", namespace: "default" })).toBe(false);
  expect(brings({ lifecycle: "adopted", namespace: "mezo" })).toBe(false);
});

test("a digest replaces the tag", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const source = change({ image: { repository: staging.image.repository, digest, release: "v0.2.0-rc3" } });
  expect(file(source, "overlays/staging/kustomization.yaml").images).toEqual([
    { name: "mezo-node", newName: staging.image.repository, digest },
  ]);
});

test("rollouts all at once and in batches set the waves", () => {
  const wave = (source: Source, i: number) =>
    file(source, `overlays/staging/mezo-node-${i}/statefulset.yaml`).metadata.annotations[
      "argocd.argoproj.io/sync-wave"
    ];
  const all = change({ rollout: "all-at-once" });
  expect([0, 1, 2, 3, 4].map((i) => wave(all, i))).toEqual(["2", "2", "2", "2", "2"]);
  const batches: Source = { network: manyValidators(7, { rollout: { batch: 2 } }) };
  expect([0, 1, 2, 3, 4, 5, 6].map((i) => wave(batches, i))).toEqual(["2", "2", "4", "4", "6", "6", "8"]);
});

test("a validator is limited to the memory that it requests, and GOMEMLIMIT leaves a tenth of that", () => {
  const source = change({ resources: { cpu: "1500m", memory: "9Gi" } });
  const { env, resources } = file(source, "overlays/staging/statefulset.yaml").spec.template.spec.containers[0];
  expect(env).toContainEqual({ name: "GOMEMLIMIT", value: `${Math.floor(9 * 1024 * 0.9)}MiB` });
  expect(resources).toEqual({
    requests: { cpu: "1500m", memory: "9Gi", "ephemeral-storage": "1Gi" },
    limits: { memory: "9Gi" },
  });
});

test("two validators never share a machine where that is said, and a spread is never a condition", () => {
  const gke = { ...(staging.gke as NonNullable<typeof staging.gke>), nodes: 5 };
  const placed = (spread: "required" | "preferred") => {
    const { affinity, topologySpreadConstraints } = file(change({ spread, gke }), "overlays/staging/statefulset.yaml")
      .spec.template.spec;
    return { affinity, spreads: topologySpreadConstraints };
  };
  const labelSelector = { matchLabels: { app: "mezo", type: "node" } };
  const topologyKey = "kubernetes.io/hostname";
  expect(placed("required")).toEqual({
    affinity: {
      podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey, labelSelector }] },
    },
    spreads: undefined,
  });
  expect(placed("preferred")).toEqual({
    affinity: undefined,
    spreads: [
      { maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway", nodeTaintsPolicy: "Honor", labelSelector },
    ],
  });
});

test("a pod drains before it stops, whatever the version, and still has its full grace period", () => {
  const { terminationGracePeriodSeconds, containers } = file(change({}), "base/mezo-node-0/statefulset.yaml").spec
    .template.spec;
  expect(terminationGracePeriodSeconds).toBe(130);
  expect(containers[0].lifecycle).toEqual({ preStop: { sleep: { seconds: 10 } } });
});

describe("an archive among validators that prune", () => {
  const source = change({
    settings: { app: { pruning: "default" } },
    perValidator: [
      { validator: 3, settings: { app: { pruning: "nothing" } }, storage: { size: "500Gi" } },
      { validator: 1, settings: { app: { pruning: "default" } } },
    ],
  });
  const tree = render([source]);
  const statefulSet = (index: number) => parse(tree.get(`overlays/staging/mezo-node-${index}/statefulset.yaml`) ?? "");

  test("has a ConfigMap of its own; all that agree share one", () => {
    const { configMapGenerator } = parse(tree.get("overlays/staging/kustomization.yaml") ?? "");
    expect(configMapGenerator.map(({ name }: { name: string }) => name)).toEqual([
      "mezo-node-config",
      "mezo-node-3-config",
      "mezo-genesis-config",
      "mezo-scripts",
    ]);
    const pruning = (path: string) => parseToml(tree.get(path) ?? "").pruning;
    expect(pruning("overlays/staging/config/app.toml")).toBe("default");
    expect(pruning("overlays/staging/mezo-node-3/config/app.toml")).toBe("nothing");
    expect([...tree.keys()].filter((path) => path.endsWith("/app.toml"))).toHaveLength(2);
    const sources = (index: number) =>
      statefulSet(index).spec.template.spec.volumes.find(({ name }: { name: string }) => name === "config")?.projected
        .sources;
    expect(sources(3)[0].configMap.name).toBe("mezo-node-3-config");
    expect([0, 1, 2, 4].map(sources)).toEqual([undefined, undefined, undefined, undefined]);
  });

  test("has a volume of its own", () => {
    const claims = [0, 1, 2, 3, 4].map((index) => statefulSet(index).spec.volumeClaimTemplates[0].spec);
    expect(claims.map(({ resources }) => resources.requests.storage)).toEqual([
      "100Gi",
      "100Gi",
      "100Gi",
      "500Gi",
      "100Gi",
    ]);
    expect(new Set(claims.map(({ storageClassName }) => storageClassName))).toEqual(new Set(["premium-rwo"]));
  });

  test("is rolled out alone when its settings change", () => {
    const before = render([
      change({
        settings: { app: { pruning: "default" } },
        perValidator: [
          {
            validator: 3,
            settings: { app: { pruning: "custom", "pruning-keep-recent": "1000000", "pruning-interval": "10" } },
            storage: { size: "500Gi" },
          },
        ],
      }),
    ]);
    const changed = [...tree].filter(([path, text]) => before.get(path) !== text).map(([path]) => path);
    expect(changed.filter((path) => path.includes("/gates/"))).toEqual([
      "overlays/staging/gates/job-4.yaml",
      "overlays/staging/gates/done-4.yaml",
    ]);
  });
});

const fromFile = (genesisText: string): Source => ({
  ...change({ genesis: { kind: "file" } }),
  genesisText,
});

test("a genesis file is used byte for byte", () => {
  const genesis = JSON.stringify(genesisOf(staging)).replace("{", '{ \t "é":  1.0,\r\n');
  expect(render([fromFile(genesis)]).get("overlays/staging/config/genesis.json")).toBe(genesis);
});

test.each([
  ["with a chain id alone", '{"chain_id":"mezo_31611-1"}', "is not a genesis: app_state: is missing"],
  [
    "of strangers",
    JSON.stringify(genesisOf(manyValidators(5))),
    'genesis: "generators/networks/staging/genesis.json" gives the validators that the network describes or lists in `retired` 0 of a power of 5',
  ],
  ["that is empty", "", "is not a genesis: it is not a JSON object with a chain_id"],
  ["with a list", "[]", "is not a genesis"],
  ["of another chain", '{"chain_id":"mezo_31611-10"}', "is the genesis of mezo_31611-10, but chain.id is mezo_31611-1"],
  [
    "over 1 MiB",
    JSON.stringify({ ...genesisOf(staging), x: "x".repeat(2 ** 20) }),
    "is too large: a ConfigMap holds at most 1048576 bytes (1 MiB)",
  ],
])("a genesis file %s is refused", (_fault, genesis, message) => {
  expect(() => render([fromFile(genesis)])).toThrow(message);
});

test("a composed genesis over 1 MiB is refused", () => {
  expect(() => render([{ network: manyValidators(1500) }])).toThrow(
    "is too large: a ConfigMap holds at most 1048576 bytes",
  );
});

test("every further validator adds the same number of files", () => {
  const count = (validators: number) => render([{ network: manyValidators(validators) }]).size;
  expect(count(100) - count(1)).toBe(99 * (count(2) - count(1)));
});

test("Argo CD deploys the networks that name a repository, and may touch nothing else", () => {
  const tree = render([{ network: local }, { network: staging }]);
  expect([...tree.keys()].filter((path) => path.startsWith("overlays/argocd/"))).toEqual([
    "overlays/argocd/kustomization.yaml",
    "overlays/argocd/staging-appproject.yaml",
    "overlays/argocd/staging-application.yaml",
    "overlays/argocd/staging-podmonitoring.yaml",
    "overlays/argocd/staging-rules.yaml",
  ]);
  const project = parse(tree.get("overlays/argocd/staging-appproject.yaml") ?? "").spec;
  expect(project.destinations).toEqual([{ server: "https://kubernetes.default.svc", namespace: "default" }]);
  expect(project.clusterResourceWhitelist).toEqual([
    { group: "scheduling.k8s.io", kind: "PriorityClass", name: "mezo-staging-validator" },
  ]);
  const kinds = project.namespaceResourceWhitelist.map(({ kind }: { kind: string }) => kind);
  expect(kinds).not.toContain("Secret");
});

describe("a network in another cluster than Argo CD", () => {
  const argocd = staging.argocd as NonNullable<typeof staging.argocd>;
  const to = (destination: NonNullable<typeof argocd.destination>, more: Partial<NetworkInput> = {}) =>
    change({ argocd: { ...argocd, destination }, ...more });

  test.each([{ name: "gke_project_us-central1_production" }, { server: "https://203.0.113.7:6443" }])("%j", (place) => {
    const destination = { ...place, namespace: "default" };
    expect(file(to(place), "overlays/argocd/staging-application.yaml").spec.destination).toEqual(destination);
    expect(file(to(place), "overlays/argocd/staging-appproject.yaml").spec.destinations).toEqual([destination]);
  });

  /** A network of Argo CD's with keys of its own, in the namespace of staging. */
  const other = (app: string, name: string, cluster: string, destination?: typeof argocd.destination): Source => ({
    network: manyValidators(4, {
      app,
      name,
      validators: inventedValidators(4, app).map((validator) => ({
        ...validator,
        consensusPubKey: createHash("sha256").update(`${name} ${validator.moniker}`).digest("base64"),
      })),
      gke: { ...(staging.gke as NonNullable<typeof staging.gke>), cluster, nodes: 4 },
      argocd: { ...argocd, destination },
    }),
  });

  test("may have the namespace of a network in this one, unless GKE's names say that both are one cluster", () => {
    const elsewhere = other("acme", "acme", "production", { name: "production" });
    expect(() => render([{ network: staging }, elsewhere])).not.toThrow();
    const here = other("acme", "acme", "mezo-staging-gke-cluster", { name: "production" });
    expect(() => render([{ network: staging }, here])).toThrow('"default" is already the namespace of staging');
    const same = other("other", "other", "test", { name: "production" });
    expect(() => render([elsewhere, same])).toThrow('"default" is already the namespace of acme');
  });

  test("has an Application of its own name", () => {
    const twins = [other("a", "b-c", "one"), other("a-b", "c", "two", { name: "production" })];
    expect(() => render(twins)).toThrow('app: "a-b" makes the Application a-b-c, which is that of b-c, too');
  });
});

function acme(count: number): NetworkInput["validators"] {
  return manyValidators(count).validators.map((validator) => ({
    ...validator,
    moniker: `acme-node-${validator.index}`,
  }));
}
