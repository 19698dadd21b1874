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
import { changes } from "../scripts/diff/changes.ts";
import { type Deployed, deploy, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { describe, test } from "../support/cluster/own-cluster.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";
import { type Edit, objectsOf } from "../support/diff.ts";
import { sampleOf } from "../support/sample.ts";

const { cluster, kube } = await useCluster();
const name = "diffs";

// What needs no GKE, and keeps the network in its namespace and with its Argo CD.
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
const isPortable = (edit: Edit = {}) => Object.keys(edit).every((field) => portable.has(field));
// A row takes half a minute.
const rows = sampleOf(
  changes.filter(({ was, is }) => isPortable(was) && isPortable(is)),
  6,
);

const local = { p2p: { addr_book_strict: false } };
/** The edit on the network of this cluster, which has settings and an image of its own. */
const onCluster = ({ settings, resources, ...edit }: Edit = {}): Network =>
  networkOf(cluster, name, {
    lifecycle: "adopted",
    ...edit,
    ...(resources && { resources: { cpu: "150m", memory: "1200Mi" } }),
    settings: { ...settings, config: { ...local, ...(settings?.config as object) } },
  } as Partial<NetworkInput>);

async function pushBetween(was: Network, is: Network): Promise<Push> {
  const earlier = { ...placement(was), isSealed: true };
  const side = async (network: Network) => ({ manifests: await objectsOf(network), keystores: new Map() });
  return pushOf(name, {
    network: is,
    was: await side(was),
    is: await side(is),
    placement: earlier,
    placements: [earlier],
  });
}

const pods = async () =>
  (await kube.list("v1", "Pod", name)).filter(({ metadata }) => metadata.labels?.type !== "gate");
const uids = (all: readonly KubeObject[]) => new Set(all.map(({ metadata }) => metadata.uid as string));
const created = ({ metadata }: KubeObject) => String(metadata.creationTimestamp);
const nameOf = ({ metadata }: KubeObject) => String(metadata.name).replace(/-0$/, "");
const same = ({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`;

describe("what diff says of a push is what the cluster does", () => {
  let deployed: Deployed;
  beforeAll(async () => {
    const remove = await prepareNamespace(kube, cluster, onCluster());
    deployed = await deploy(kube, cluster, { network: onCluster() });
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

  test.each(rows.map((row) => [row.what, row] as const))("%s", { timeout: 900_000 }, async (_what, { was, is }) => {
    const [before, now] = [onCluster(was), onCluster(is)];
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
    const others = fresh.filter(({ metadata }) => metadata.labels?.type !== "node");
    const deployments = said.objects.filter(({ id, is }) => is && id.startsWith("Deployment/") && hasNewPods(said, id));
    expect(new Set(others.map(({ metadata }) => metadata.labels?.type))).toEqual(
      new Set(deployments.map(({ is }) => (is as Manifest).metadata.labels?.type)),
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

const hasNewPods = ({ was, is }: Push, id: string) => {
  const template = (all: readonly Manifest[]) =>
    JSON.stringify(
      (all.find((each) => same(each) === id) as { spec?: { template?: object } } | undefined)?.spec?.template,
    );
  return template(was.manifests) !== template(is.manifests);
};
