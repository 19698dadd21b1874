import { placement } from "generators/components/placement.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { pushOf } from "scripts/diff/consequences.ts";
import { isStopped, type Push } from "scripts/diff/push.ts";
import { pruning } from "scripts/diff/risks/pruning.ts";
import { restartGroups } from "scripts/diff/risks/restarts.ts";
import { isHook, type Manifest } from "scripts/objects/manifests.ts";
import { validatorSets } from "scripts/objects/validators.ts";
import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect } from "vitest";
import { type Change, changes } from "../scripts/diff/changes.ts";
import {
  applyPremiumClass,
  type Deployed,
  deploy,
  networkOf,
  prepareNamespace,
} from "../support/cluster/deployment.ts";
import { longTests } from "../support/cluster/long-tests.ts";
import * as ownCluster from "../support/cluster/own-cluster.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";
import { type Edit, objectsOf } from "../support/diff.ts";
import { staging } from "../support/networks.ts";
import { notChosen, sampleOf } from "../support/sample.ts";

const { describe, test } = longTests(1, ownCluster);

const { cluster, kube } = await useCluster();

/** A network on the cluster, and the changes that can be made there: in its namespace, with its Argo CD. */
interface Ground {
  name: string;
  /** The network with an edit of staging's description. */
  of: (edit?: Edit) => Network;
  rows: Change[];
}

const local = { p2p: { addr_book_strict: false } };
// What needs no GKE.
const portable = new Set([
  "accept",
  "bootstrap",
  "clients",
  "emergency",
  "ethereumSidecar",
  "expose",
  "image",
  "maintenance",
  "paused",
  "peers",
  "perValidator",
  "ports",
  "resources",
  "rollout",
  "settings",
]);
const only =
  (fields: ReadonlySet<string>) =>
  ({ was = {}, is }: Change) =>
    [was, is].every((edit) => Object.keys(edit).every((field) => fields.has(field)));
const onAny: Ground = {
  name: "diffs",
  // The settings and the image are the cluster's own.
  of: ({ settings, resources, ...edit } = {}) =>
    networkOf(cluster, "diffs", {
      lifecycle: "adopted",
      ...edit,
      ...(resources && { resources: { cpu: "150m", memory: "1200Mi" } }),
      settings: { ...settings, config: { ...local, ...(settings?.config as object) } },
    } as Partial<NetworkInput>),
  rows: changes.filter(only(portable)),
};

const ofGke = new Set([
  ...portable,
  "chain",
  "connectSidecar",
  "genesis",
  "gke",
  "jsonRpcServedBy",
  "monitoring",
  "peering",
  "rpcNodes",
  "spread",
  "stagedUpgrade",
  "upgrade",
  "validators",
]);
// The API server refuses another claim template, no sync moves a network to another cluster, and no validator goes before a
// person confirms it.
const impossible = [
  "RPC nodes' volumes of another snapshot",
  "another cluster",
  "two at a time of seven",
  "a validator of three",
];
const onGke: Ground = {
  name: "diffs-gke",
  of: (edit) =>
    networkOf(cluster, "diffs-gke", {
      ...(staging as NetworkInput),
      name: "diffs-gke",
      namespace: "diffs-gke",
      argocd: { repoURL: cluster.repoURL, revision: "diffs-gke" },
      ...edit,
    }),
  rows: changes.filter((row) => only(ofGke)(row) && !only(portable)(row) && !impossible.includes(row.what)),
};

async function pushBetween(was: Network, is: Network): Promise<Push> {
  const earlier = { ...placement(was), isSealed: true };
  const side = async (network: Network) => ({ manifests: await objectsOf(network), keystores: new Map() });
  return pushOf(is.name, {
    network: is,
    was: await side(was),
    is: await side(is),
    placement: earlier,
    placements: [earlier],
  });
}

const podsIn = async (namespace: string) =>
  (await kube.list("v1", "Pod", namespace)).filter(({ metadata }) => metadata.labels?.type !== "gate");
const uids = (all: readonly KubeObject[]) => new Set(all.map(({ metadata }) => metadata.uid as string));
const created = ({ metadata }: KubeObject) => String(metadata.creationTimestamp);
const nameOf = ({ metadata }: KubeObject) => String(metadata.name).replace(/-0$/, "");
const same = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`;

describe.each([
  ["any Kubernetes", onAny],
  ["GKE", onGke],
])("what diff says of a push is what the cluster does, on %s:", (_, { name, of, rows }) => {
  const pods = () => podsIn(name);
  let deployed: Deployed;
  beforeAll(async () => {
    await applyPremiumClass(kube);
    const remove = await prepareNamespace(kube, cluster, of());
    deployed = await deploy(kube, cluster, { network: of() });
    return remove;
  });

  async function settle(network: Network): Promise<void> {
    const commit = deployed.push({ network });
    // Where nothing changes, Argo CD syncs nothing.
    const isSettled = ({ status }: KubeObject) =>
      status?.sync?.status === "Synced" &&
      status.sync.revision === commit &&
      status.operationState?.phase === "Succeeded";
    await deployed.app.until(`in sync with ${commit}`, isSettled, 300);
    await deployed.app.healthy();
  }

  // A row takes half a minute.
  const { chosen, others } = sampleOf(rows, 10);
  test.skip.each(others.map(({ what }) => what))(`%s ${notChosen}`, () => {});
  test.each(chosen.map((row) => [row.what, row] as const))("%s", { timeout: 900_000 }, async (_what, { was, is }) => {
    const [before, now] = [of(was), of(is)];
    await settle(before);
    const said = await pushBetween(before, now);
    const old = await pods();
    await settle(now);
    const running = validatorSets(said.is.manifests).filter((set) => !isStopped(set)).length;
    await eventually(
      async () => (await pods()).filter(({ metadata }) => metadata.labels?.type === "node").length === running,
      60,
      "the pods",
    );
    const fresh = (await pods()).filter(({ metadata }) => !uids(old).has(metadata.uid));
    const validators = fresh.filter(({ metadata }) => metadata.labels?.type === "node");

    // The validators that restart, and their order: pods of one wave are made together.
    const groups = restartGroups(said);
    const restarted = validators.filter((pod) => old.some((each) => nameOf(each) === nameOf(pod)));
    const inOrder = [...restarted].sort((one, other) => created(one).localeCompare(created(other))).map(nameOf);
    expect([...inOrder].sort()).toEqual(groups.flat().sort());
    let place = 0;
    for (const group of groups) {
      expect(inOrder.slice(place, place + group.length).sort()).toEqual([...group].sort());
      place += group.length;
    }

    // Everything else that restarts.
    const otherPods = fresh.filter(({ metadata }) => metadata.labels?.type !== "node");
    const isOther = (object: Manifest) =>
      ["Deployment", "StatefulSet"].includes(object.kind) && typeOf(object) !== "node";
    const workloads = said.objects.filter(({ id, is }) => is && isOther(is) && hasNewPods(said, id));
    expect(new Set(otherPods.map(({ metadata }) => metadata.labels?.type))).toEqual(
      new Set(workloads.map(({ is }) => typeOf(is as Manifest))),
    );

    // What is pruned: of hashed ConfigMaps the old ones, too.
    const gone = said.was.manifests.filter(
      (each) => !isHook(each) && !said.is.manifests.some((other) => same(each) === same(other)),
    );
    for (const object of gone.filter((each) => pruning(each) === "at the end")) {
      const { apiVersion, kind, metadata } = object;
      const left = await kube.list(apiVersion, kind, name);
      expect(left.map((each) => each.metadata.name)).not.toContain(metadata.name);
    }
  });
});

/** The type of a workload's pods, by their label. */
const typeOf = (object: Manifest): string | undefined => (object as KubeObject).spec?.template?.metadata?.labels?.type;

const hasNewPods = ({ was, is }: Push, id: string) => {
  const template = (all: readonly Manifest[]) =>
    JSON.stringify(
      (all.find((each) => same(each) === id) as { spec?: { template?: object } } | undefined)?.spec?.template,
    );
  return template(was.manifests) !== template(is.manifests);
};
