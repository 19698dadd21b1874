import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import { render, type Source } from "generators/render.ts";
import { parse as parseToml } from "smol-toml";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { inventedValidators, staging } from "../support/networks.ts";
import { withRelease } from "../support/releases.ts";

const change = (input: Partial<NetworkInput>): Source => ({ network: defineNetwork({ ...staging, ...input }) });

/** One rendered file, parsed. */
const file = (source: Source, path: string) => parse(render([source]).get(path) ?? "");

/** What the node of one of staging's validators is told by its environment. */
const told = (source: Source, i: number): Record<string, string> =>
  Object.fromEntries(
    file(source, `overlays/staging/mezo-node-${i}/statefulset.yaml`).spec.template.spec.containers[0].env.map(
      ({ name, value }: Record<string, string>) => [name, value],
    ),
  );

describe("validators that others run", () => {
  const peers = [5, 6, 7].map((i) => ({
    name: `other-${i}`,
    nodeId: `${i}`.repeat(40),
    address: `b${i}.example:26656`,
  }));
  const elsewhere = { name: "other-8", nodeId: "8".repeat(40), address: "203.0.113.8:27000" };
  const plain = render([change({})]);

  test("are dialled by every node, and nothing changes but how many peers an alert wants", () => {
    const tree = render([change({ peers })]);
    const dialled = (files: typeof tree) => {
      const { p2p } = parseToml(files.get("overlays/staging/config/config.toml") ?? "") as Record<
        string,
        Record<string, string>
      >;
      return p2p?.persistent_peers?.split(",") ?? [];
    };
    expect(dialled(tree)).toEqual([...dialled(plain), ...peers.map(({ nodeId, address }) => `${nodeId}@${address}`)]);
    const changed = [...tree].filter(([path, text]) => plain.get(path) !== text).map(([path]) => path);
    expect(changed.filter((path) => !path.includes("/gates/"))).toEqual([
      "overlays/staging/config/config.toml",
      "overlays/staging/monitoring/rules.yaml",
    ]);
    expect(tree.size).toBe(plain.size);
  });

  test("are reached at another port by a policy of its own", () => {
    const source = change({ peers: [...peers, elsewhere] });
    expect(file(source, "overlays/staging/networkpolicy-peers.yaml")).toMatchObject({
      metadata: { name: "mezo-node-peers" },
      spec: {
        podSelector: { matchLabels: { app: "mezo", type: "node" } },
        policyTypes: ["Egress"],
        egress: [{ ports: [{ port: 27000, protocol: "TCP" }] }],
      },
    });
    expect(file(source, "overlays/staging/kustomization.yaml").resources).toContain("networkpolicy-peers.yaml");
  });
});

describe("sidecars", () => {
  const before = render([{ network: staging }]);
  const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: "TCP" }));
  const pods = (type: string) => ({ podSelector: { matchLabels: { app: "mezo", type } } });

  test("Connect reaches its validator and the exchanges, and the validator's pod reaches no exchange", () => {
    const source: Source = { network: withRelease("v0.3.0-rc3") };
    expect(file(source, "overlays/staging/connect/networkpolicy.yaml").spec).toEqual({
      podSelector: { matchLabels: { app: "mezo", type: "connect" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: tcp(8080), from: [pods("node")] }],
      egress: [
        { ports: [{ port: 53, protocol: "UDP" }, ...tcp(53)] },
        { ports: tcp(9090), to: [pods("node")] },
        { ports: tcp(443, 8443, 9443) },
      ],
    });
    expect(file(source, "overlays/staging/connect/networkpolicy-node.yaml").spec).toEqual({
      podSelector: { matchLabels: { app: "mezo", type: "node" } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [{ ports: tcp(9090), from: [pods("connect")] }],
      egress: [{ ports: tcp(8080), to: [pods("connect")] }],
    });
    expect(file(source, "overlays/staging/mezo-node-3/service-internal.yaml").spec.ports).toEqual([
      { name: "grpc", port: 9090, targetPort: "grpc" },
    ]);
    expect(told(source, 3).MEZOD_ORACLE_ORACLE_ADDRESS).toBe("mezo-node-3-connect.default.svc.cluster.local:8080");
  });

  test("Connect asks its own validator for the markets, comes last, and rests with a paused one", () => {
    const paused = [{ validator: 1, reason: "its machine burned down" }];
    const source: Source = { network: withRelease("v0.3.0-rc3", { paused }) };
    const connect = (index: number) => file(source, `overlays/staging/connect/deployment-${index}.yaml`);
    expect(connect(2).spec.template.spec.containers[0].args).toContain(
      "--market-map-endpoint=mezo-node-2-internal.default.svc.cluster.local:9090",
    );
    expect(connect(2).metadata.annotations).toEqual({ "argocd.argoproj.io/sync-wave": "12" });
    expect([0, 1, 2].map((index) => connect(index).spec.replicas)).toEqual([1, 0, 1]);
  });

  test("another image of Connect, or more memory for it, restarts no validator", () => {
    const plain = render([{ network: withRelease("v4.0.1") }]);
    const image = { digest: `sha256:${"d".repeat(64)}` };
    const other = withRelease("v4.0.1", { connectSidecar: { image, resources: { cpu: "100m", memory: "300Mi" } } });
    const changed = [...render([{ network: other }])].filter(([path, text]) => plain.get(path) !== text);
    expect(changed.map(([path]) => path).filter((path) => !/connect\/deployment-\d\.yaml$/.test(path))).toEqual([]);
    expect(changed).toHaveLength(5);
  });

  test("only a validator of the bridge has an ethereum-sidecar from v4 on, and its way to Ethereum", () => {
    const all = withRelease("v4.0.1");
    const network = withRelease("v4.0.1", { ethereumSidecar: { ...all.ethereumSidecar, bridge: [0, 2] } });
    const tree = render([{ network }]);
    const names = (index: number) =>
      file({ network }, `overlays/staging/mezo-node-${index}/statefulset.yaml`).spec.template.spec.containers.map(
        ({ name }: { name: string }) => name,
      );
    expect([0, 1, 2, 3].map(names)).toEqual([
      ["mezo-node", "ethereum-sidecar"],
      ["mezo-node"],
      ["mezo-node", "ethereum-sidecar"],
      ["mezo-node"],
    ]);
    expect([...tree.keys()].filter((path) => path.endsWith("networkpolicy-ethereum.yaml"))).toEqual([
      "overlays/staging/mezo-node-0/networkpolicy-ethereum.yaml",
      "overlays/staging/mezo-node-2/networkpolicy-ethereum.yaml",
    ]);
  });

  test("the keyring's password and the Ethereum node's address are in no environment and no arguments", () => {
    const source: Source = { network: withRelease("v4.0.1") };
    const { containers, volumes } = file(source, "overlays/staging/mezo-node-0/statefulset.yaml").spec.template.spec;
    expect(containers[1].env).toEqual([
      { name: "HOME", value: "/tmp" },
      { name: "KEY_NAME", value: "mezo-node-0-key" },
    ]);
    expect(containers[1].args).toBeUndefined();
    expect(containers[0].volumeMounts).toBeUndefined();
    const script = render([source]).get("overlays/staging/scripts/ethereum-sidecar.sh") ?? "";
    expect(script).toContain("passwords | mezod ethereum-sidecar --ethereum-sidecar.server.address 127.0.0.1:7500 ");
    expect(script).not.toMatch(/export|yes "/);
    // Without them the sidecar waits, and the node starts.
    const { sources } = volumes.find(({ name }: { name: string }) => name === "sidecar").projected;
    expect(sources.map(({ secret }: { secret: { optional: boolean } }) => secret.optional)).toEqual([true, true]);
  });

  test("a new address of the Ethereum node restarts the pods that have it", () => {
    const checksums = new Map([["ethereum-sidecar-config", "ab".repeat(32)]]);
    const annotations = (tag: string, index: number) =>
      file({ network: withRelease(tag), checksums }, `overlays/staging/mezo-node-${index}/statefulset.yaml`).spec
        .template.metadata?.annotations;
    expect(annotations("v4.0.1", 0)).toEqual({ "checksum/ethereum-node": "ab".repeat(32) });
    expect(annotations("v3.0.1", 0)).toBeUndefined();
  });

  test("on the mainnet the contract is looked for on Ethereum itself", () => {
    const chain = { ...staging.chain, id: "mezo_31612-1" };
    const shared: Source = { network: withRelease("v3.0.1", { chain }) };
    expect(
      file(shared, "overlays/staging/ethereum-sidecar/deployment.yaml").spec.template.spec.containers[0].args,
    ).toEqual([
      "--ethereum-sidecar.server.ethereum-node-address",
      "$(ETHEREUM_NODE_ADDRESS)",
      "--ethereum-sidecar.server.network",
      "mainnet",
    ]);
    const script = (network: Source["network"]) =>
      /server\.network \w+/.exec(render([{ network }]).get("overlays/staging/scripts/ethereum-sidecar.sh") ?? "")?.[0];
    expect(script(withRelease("v4.0.1", { chain }))).toBe("server.network mainnet");
    expect(script(withRelease("v4.0.1"))).toBe("server.network sepolia");
  });

  test("networks of releases before and after v4 share their bases", () => {
    const other = { name: "acme", namespace: "acme", validators: inventedValidators(5) };
    const tree = render([{ network: withRelease("v4.0.1", other) }, { network: staging }]);
    expect([...tree].filter(([path, text]) => path.startsWith("base/") && before.get(path) !== text)).toEqual([]);
  });
});
