import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { defineNetwork } from "generators/network/define.ts";
import { monitoringKinds } from "generators/network/monitoring-schema.ts";
import { keystoreName } from "generators/network/names.ts";
import { exposablePorts, portNames } from "generators/network/ports.ts";
import { tolerated } from "generators/network/rollout.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { render, type Source } from "generators/render.ts";
import { type Built, build } from "scripts/objects/overlays.ts";
import { rules } from "scripts/rules/index.ts";
import { conform } from "scripts/validate/kubeconform.ts";
import { kubernetesVersions } from "tools/schemas.ts";
import { expect, onTestFinished, test } from "vitest";
import { genesisOf } from "../support/genesis.ts";
import { inventedValidators } from "../support/networks.ts";
import { writeFiles } from "../support/write-files.ts";

// The same networks in every run, so that no commit's test fails by chance.
const seed = 31611;

// Names that YAML 1.1 reads as something else, and any label.
const label = (length: number) =>
  fc.oneof(
    fc.constantFrom("on", "no", "y", "null", "true", "e1", "x"),
    fc.stringMatching(new RegExp(`^[a-z]([-a-z0-9]{0,${length - 2}}[a-z0-9])?$`)),
  );
const hex = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
const port = fc.integer({ min: 1, max: 65535 });
const distinct = (least: number) => ({ minLength: least, maxLength: 8 });

// Releases that are known, and those that will follow.
const version = fc.stringMatching(/^v(0\.[2-9]|[1-9]\d{0,2}\.\d{1,3})\.\d{1,3}(-rc\d)?$/);
const release = fc.oneof(
  fc.record({ tag: version }),
  fc.record({ digest: hex(64).map((digits) => `sha256:${digits}`), release: version }),
);
const resources = fc.record({
  cpu: fc.oneof(
    fc.integer({ min: 1, max: 64 }).map(String),
    fc.integer({ min: 1, max: 9999 }).map((n) => `${n}m`),
  ),
  memory: fc.integer({ min: 2, max: 64000 }).map((n) => `${n}Mi`),
});

const settings = fc.constantFrom<NonNullable<NetworkInput["settings"]>>(
  {},
  { config: { mempool: { size: 20000 }, rpc: { cors_allowed_origins: ["*", "null", 'a"b'] } } },
  {
    app: { pruning: "everything", "state-sync": { "snapshot-interval": 0 }, "json-rpc": { api: "eth,net" } },
    client: { output: "json" },
  },
  { extra: { app: { "json-rpc": { "new-cap": 1 }, later: { on: true } }, config: { later: "x" } } },
);

const endpoint = fc.record({ address: label(63), certificate: label(63) });
const gke = fc
  .record({
    project: label(63),
    cluster: label(63),
    region: label(63),
    version: fc.constantFrom("1.30", "1.33", "1.99"),
    // With room for any validators.
    machine: fc.constant({ cpu: "2000", memory: "4Ti" }),
    nodes: fc.integer({ min: 12, max: 40 }),
    reserved: resources,
    networkPolicies: fc.constantFrom("enforced" as const, "ignored" as const),
    nodeAddress: fc.constantFrom("ip-{index}", "a{index}", "staging-{index}-external"),
    jsonRpc: endpoint,
    jsonRpcWs: endpoint,
  })
  .filter(({ jsonRpc, jsonRpcWs }) => jsonRpc.address !== jsonRpcWs.address);

const composed = fc.record({
  kind: fc.constant("composed" as const),
  appVersion: fc.string({ minLength: 1 }),
  time: fc
    .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString()),
  balance: fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
  accounts: fc.uniqueArray(fc.record({ name: label(63), accountAddress: hex(40) }), {
    maxLength: 3,
    selector: ({ accountAddress }) => accountAddress,
  }),
});

const asked = fc.shuffledSubarray(
  exposablePorts.filter((name) => name !== "p2p" && name !== "api"),
  { minLength: 1 },
);
const podLabels = fc.constantFrom({ app: "faucet" }, { "example.org/role": "on", id: "1" });
const client = fc.oneof(
  fc.record({ namespace: label(63), ports: asked }),
  fc.record({ podLabels, ports: asked }),
  fc.record({ namespace: label(63), podLabels, ports: asked }),
);
const stateSync = fc.record({
  validators: fc.uniqueArray(fc.nat(6), distinct(1)),
  rpcServers: fc.uniqueArray(
    fc.tuple(fc.constantFrom("http", "https"), port).map(([scheme, number]) => `${scheme}://a.example:${number}`),
    { minLength: 2, maxLength: 3 },
  ),
  trustHeight: fc.integer({ min: 1 }),
  trustHash: hex(64),
});

const connectSidecar = fc.record({
  image: fc.record({ digest: hex(64).map((digits) => `sha256:${digits}`) }),
  port,
  exchangePorts: fc.uniqueArray(port, distinct(1)),
  resources,
});
const peers = fc.uniqueArray(
  fc.record({
    name: label(60).map((name) => `of-${name}`.slice(0, 63)),
    nodeId: hex(40),
    address: fc.tuple(label(20), port).map(([host, number]) => `${host}.example:${number}`),
  }),
  {
    maxLength: 3,
    comparator: (one, other) => one.name === other.name || one.nodeId === other.nodeId || one.address === other.address,
  },
);

/** Any network that can be declared, within what the rules allow. */
const network: fc.Arbitrary<NetworkInput> = fc
  .record({
    name: label(63).filter((name) => name !== "argocd"),
    app: label(30),
    namespace: label(63),
    chain: fc.record({
      id: fc.stringMatching(/^[a-z]{1,10}_[1-9]\d{0,8}-[1-9]\d{0,3}$/),
      denom: fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9]{2,20}$/),
      bech32Prefix: fc.stringMatching(/^[a-z]{1,20}$/),
    }),
    lifecycle: fc.constantFrom("adopted" as const, "new" as const),
    repository: fc.stringMatching(/^[a-z0-9]{1,9}\.example:[1-9]\d{0,3}(\/[a-z0-9]{1,9}){1,3}$/),
    release,
    staged: fc.option(fc.tuple(release, fc.uniqueArray(fc.nat(6), distinct(1)))),
    // A release that the table does not know yet, and that is later than all others here.
    planned: fc.option(
      fc.record({ name: fc.constantFrom("v99.0.0", "x"), height: fc.integer({ min: 1, max: 2 ** 40 }) }),
    ),
    skipped: fc.uniqueArray(fc.integer({ min: 2 ** 40 + 1, max: 2 ** 41 }), { maxLength: 2 }),
    // Paused, or in maintenance.
    idle: fc.uniqueArray(fc.tuple(fc.nat(11), fc.boolean()), { maxLength: 4, selector: ([index]) => index }),
    empty: fc.uniqueArray(fc.nat(11), { maxLength: 2 }),
    genesis: fc.oneof(composed, fc.constant({ kind: "file" as const })),
    count: fc.integer({ min: 1, max: 12 }),
    size: fc.option(fc.integer({ min: 1, max: 12 })),
    // One more for an ethereum-sidecar in the validator's pod.
    ports: fc.uniqueArray(port, { minLength: portNames.length + 1, maxLength: portNames.length + 1 }),
    expose: fc.shuffledSubarray([...exposablePorts]),
    clients: fc.array(client, { maxLength: 3 }),
    synced: fc.option(stateSync),
    hosts: fc.boolean(),
    rollout: fc.oneof(
      fc.constantFrom("one-at-a-time" as const, "all-at-once" as const),
      fc.integer({ min: 1, max: 4 }),
    ),
    spread: fc.constantFrom("required" as const, "preferred" as const),
    resources,
    storage: fc.record({
      size: fc.integer({ min: 1, max: 9999 }).map((n) => `${n}Gi`),
      className: fc.option(label(63)),
    }),
    pod: fc.boolean(),
    sidecar: fc.record({ ethereumPorts: fc.uniqueArray(port, distinct(1)), resources }),
    bridge: fc.option(fc.uniqueArray(fc.nat(6), distinct(1))),
    connectSidecar,
    peers,
    settings,
    own: fc.array(
      fc.record({ validator: fc.integer({ min: 0, max: 11 }), settings, size: fc.constantFrom("7Gi", "2Ti") }),
      {
        maxLength: 2,
      },
    ),
    monitoring: fc.option(fc.record({ kind: fc.constantFrom(...monitoringKinds), namespace: label(63) })),
    gke: fc.option(gke),
    argocd: fc.option(
      fc.record(
        {
          repoURL: fc.constantFrom("https://a.example/b.git", "git@a.example:b", "file:///b"),
          destination: fc.constantFrom({ name: "production" }, { server: "https://203.0.113.7:6443" }),
        },
        { requiredKeys: ["repoURL"] },
      ),
    ),
  })
  .map(
    ({
      count,
      size: wanted,
      staged,
      planned,
      skipped,
      idle,
      synced,
      ports,
      sidecar,
      bridge,
      pod,
      hosts,
      repository,
      release: version,
      own,
      empty,
      ...rest
    }) => {
      const size = Math.min(wanted ?? count, count);
      const most = tolerated(size);
      const indexes = staged?.[1].filter((index) => index < size).slice(0, most) ?? [];
      const { app, expose, rollout, lifecycle, storage, genesis } = rest;
      const bridged = bridge?.filter((index) => index < size) ?? [];
      const isStaged = staged !== null && indexes.length > 0;
      const down = idle.filter(([index]) => index < size).slice(0, most);
      const of = (isPaused: boolean) =>
        down
          .filter(([, each]) => each === isPaused)
          .map(([validator]) => ({ validator, reason: "somebody works at it" }));
      const syncing = synced?.validators.filter((index) => index < size) ?? [];
      return {
        ...rest,
        image: { repository, ...version },
        perValidator: own
          .filter(({ validator }, i) => validator < size && own.findIndex((each) => each.validator === validator) === i)
          .map(({ validator, settings, size }) => ({ validator, settings, storage: { size } })),
        ...(isStaged ? { stagedUpgrade: { ...staged[0], validators: indexes } } : {}),
        ...(planned && !isStaged && { upgrade: { ...planned, tag: "v9999.0.0" } }),
        ...(skipped.length > 0 && { emergency: { skipUpgrades: skipped } }),
        paused: of(true),
        maintenance: of(false),
        bootstrap: lifecycle === "new" ? [] : empty.filter((index) => index < size),
        genesis: genesis.kind === "file" ? genesis : { ...genesis, params: { poa: { max_validators: 12 } } },
        validators: inventedValidators(count, app),
        ...(wanted === null ? {} : { size }),
        ports: Object.fromEntries(portNames.map((name, i) => [name, ports[i]])),
        expose: [...new Set(["p2p" as const, ...expose])],
        ...(synced && syncing.length > 0 ? { stateSync: { ...synced, validators: syncing } } : {}),
        peering: rest.gke && hosts ? "hosts" : "services",
        rollout: typeof rollout === "number" ? { batch: Math.min(rollout, Math.max(1, most)) } : rollout,
        storage: {
          size: storage.size,
          ...(storage.className !== null && { className: storage.className }),
          accessMode: lifecycle === "new" && pod ? "ReadWriteOncePod" : "ReadWriteOnce",
        },
        ethereumSidecar: {
          ...sidecar,
          port: ports[portNames.length],
          ...(bridged.length > 0 && { bridge: bridged }),
        },
        settings: expose.includes("api")
          ? { ...rest.settings, app: { ...rest.settings.app, api: { enable: true } } }
          : rest.settings,
        monitoring: rest.monitoring ?? undefined,
        gke: rest.gke ? { ...rest.gke, ...(planned && { version: "1.36" }) } : undefined,
        argocd: rest.argocd ?? undefined,
      } as NetworkInput;
    },
  );

/** A network with the files beside it on disk. */
const source = fc.tuple(network, fc.boolean()).map(([input, isSealed]): Source => {
  const defined = defineNetwork(input);
  const checksums = new Map(
    defined.validators.map(({ index }) => [keystoreName(defined, index), index.toString(16).padStart(64, "0")]),
  );
  return {
    network: defined,
    ...(defined.genesis.kind === "file" && { genesisText: JSON.stringify(genesisOf(defined)) }),
    ...(isSealed && { checksums }),
  };
});

test("a defined network can be defined again and stays the same", () => {
  fc.assert(
    fc.property(source, ({ network }) => {
      expect(defineNetwork(network)).toEqual(network);
    }),
    { numRuns: 300, seed },
  );
});

test("the manifests of any network build, match the schemas of every Kubernetes version and keep the rules", async () => {
  const root = mkdtempSync(join(tmpdir(), "networks-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  // Many networks per run, because starting the programs takes longer than their work.
  const sources = fc.array(source, { minLength: 10, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(sources, async (all) => {
      rmSync(root, { recursive: true });
      const built = await Promise.all(all.map((from, i) => overlaysOf(join(root, String(i)), from)));
      const every = built.flat().map(({ built }) => built);
      const stream = every.map(({ yaml }) => yaml).join("---\n");
      for (const version of kubernetesVersions) expect(await conform(version, stream)).toEqual([]);
      for (const { built: overlay, network } of built.flat()) {
        const found = rules.flatMap(({ id, check }) =>
          [...check(overlay.manifests, network)].map((each) => ({ id, each })),
        );
        expect(found.filter(({ each }) => each.severity === "error")).toEqual([]);
      }
    }),
    // Leaves time to shrink a failure before the test times out.
    { numRuns: 6, seed, interruptAfterTimeLimit: 60_000 },
  );
});

/** What Argo CD builds for a network: its overlay, and the one with its Application. */
async function overlaysOf(root: string, from: Source): Promise<{ built: Built; network?: Network }[]> {
  const { network } = from;
  writeFiles(root, render([from]));
  const own = { built: await build(root, network.name), network };
  return network.argocd ? [own, { built: await build(root, "argocd") }] : [own];
}
