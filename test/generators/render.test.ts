import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import { render, type Source } from "generators/render.ts";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { genesisOf } from "../support/genesis.ts";
import { local, manyValidators, staging } from "../support/networks.ts";

const change = (input: Partial<NetworkInput>): Source => ({ network: defineNetwork({ ...staging, ...input }) });

/** One rendered file, parsed. */
const file = (source: Source, path: string) => parse(render([source]).get(path) ?? "");

test("two networks that need the same files in base/ share them", () => {
  const paths = (sources: Source[]) => [...render(sources).keys()].filter((path) => path.startsWith("base/"));
  expect(paths([{ network: local }, { network: staging }])).toEqual(paths([{ network: staging }]));
});

test("a network with its own app has its own bases, except for the sidecar's, whose name is fixed", () => {
  const network = manyValidators(4, { name: "acme", namespace: "acme", app: "acme", validators: acme(4) });
  const paths = [...render([{ network }]).keys()];
  expect(paths).toContain("base/acme-node-3/statefulset.yaml");
  expect(() => render([{ network }, { network: staging }])).toThrow("base/ethereum-sidecar/deployment.yaml");
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

test("a digest replaces the tag", () => {
  const digest = `sha256:${"a".repeat(64)}`;
  const source = change({ image: { repository: staging.image.repository, digest } });
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

test("GOMEMLIMIT leaves a tenth of the memory limit as headroom", () => {
  const { env } = file(change({}), "overlays/staging/statefulset.yaml").spec.template.spec.containers[0];
  expect(env).toContainEqual({ name: "GOMEMLIMIT", value: `${Math.floor(16 * 1024 * 0.9)}MiB` });
});

test("where Kubernetes is new enough a pod drains before it stops, and still has its full grace period", () => {
  const spec = (source: Source) => file(source, "overlays/staging/statefulset.yaml").spec.template.spec;
  const old = spec(change({}));
  expect([old.terminationGracePeriodSeconds, old.containers[0].lifecycle]).toEqual([undefined, undefined]);
  const gke = staging.gke as NonNullable<typeof staging.gke>;
  const drained = spec(change({ gke: { ...gke, version: "1.30" } }));
  expect(drained.terminationGracePeriodSeconds).toBe(130);
  expect(drained.containers[0].lifecycle).toEqual({ preStop: { sleep: { seconds: 10 } } });
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
  ]);
  const project = parse(tree.get("overlays/argocd/staging-appproject.yaml") ?? "").spec;
  expect(project.destinations).toEqual([{ server: "https://kubernetes.default.svc", namespace: "default" }]);
  expect(project.clusterResourceWhitelist).toEqual([]);
  const kinds = project.namespaceResourceWhitelist.map(({ kind }: { kind: string }) => kind);
  expect(kinds).not.toContain("Secret");
});

function acme(count: number): NetworkInput["validators"] {
  return manyValidators(count).validators.map((validator) => ({
    ...validator,
    moniker: `acme-node-${validator.index}`,
  }));
}
