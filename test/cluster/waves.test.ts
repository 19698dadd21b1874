import { execFileSync } from "node:child_process";
import type { NetworkInput } from "generators/network/schema.ts";
import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { clusterPrograms } from "tools/cluster/programs.ts";
import { eventually } from "tools/cluster/wait.ts";
import { afterEach, beforeAll, expect } from "vitest";
import { continually } from "../support/cluster/continually.ts";
import { type Deployed, deploy, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { describe, test } from "../support/cluster/own-cluster.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";

const { cluster, kube, fakeNodes } = await useCluster();
const programs = await clusterPrograms();
const nodes = [0, 1, 2, 3, 4].map((index) => `mezo-node-${index}`);

afterEach(() => {
  fakeNodes.isReady = () => true;
});

const validatorOf = ({ metadata }: KubeObject): string => metadata.name.replace(/-0$/, "");

describe.each<[string, Partial<NetworkInput>]>([
  ["waves", { lifecycle: "new" }],
  ["waves-adopted", { lifecycle: "adopted" }],
])("network %s, one validator at a time", (name, change) => {
  const network = networkOf(cluster, name, change);
  /** The network with another config.toml. */
  const withTimeout = (timeout: string) =>
    networkOf(cluster, name, {
      ...change,
      settings: { config: { p2p: { addr_book_strict: false }, consensus: { timeout_commit: timeout } } },
    });
  let deployed: Deployed;
  beforeAll(async () => {
    const remove = await prepareNamespace(kube, cluster, network);
    deployed = await deploy(kube, cluster, { network });
    return remove;
  });

  const pods = async () =>
    (await kube.list("v1", "Pod", name)).filter(({ metadata }) => metadata.labels.type === "node");
  const podIds = async (): Promise<Record<string, string>> =>
    Object.fromEntries((await pods()).map((pod) => [validatorOf(pod), pod.metadata.uid]));
  /** The name of the ConfigMap that each validator's template mounts; it contains a hash of the content. */
  const configs = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (await kube.list("apps/v1", "StatefulSet", name)).map(({ metadata, spec }) => [
        metadata.name,
        spec.template.spec.volumes.find((volume: KubeObject) => volume.name === "config").projected.sources[0].configMap
          .name,
      ]),
    );

  test("a bootstrap from nothing does not deadlock", async () => {
    const commit = deployed.push({ network });
    await deployed.app.synced(commit);
    await deployed.app.healthy();
    expect(Object.keys(await podIds()).sort()).toEqual(nodes);
  });

  test("a config change reaches a validator only when the one before it is ready again", async () => {
    const before = await podIds();
    const old = await configs();
    const allowed = new Set<string>();
    fakeNodes.isReady = (pod) =>
      Object.values(before).includes(pod.metadata.uid) ||
      !nodes.includes(validatorOf(pod)) ||
      allowed.has(validatorOf(pod));
    const commit = deployed.push({ network: withTimeout("4s") });
    for (const [index, node] of nodes.entries()) {
      // It has a new pod, which is not ready yet.
      await eventually(
        async () => {
          const uid = (await podIds())[node];
          return uid && uid !== before[node];
        },
        60,
        `a new pod of ${node}`,
      );
      const later = nodes.slice(index + 1);
      await continually(async () => {
        const now = { config: await configs(), pod: await podIds() };
        for (const each of later) {
          expect({ [each]: [now.config[each], now.pod[each]] }).toEqual({ [each]: [old[each], before[each]] });
        }
      }, 3);
      allowed.add(node);
    }
    await deployed.app.synced(commit);
    expect(new Set(Object.values(await configs())).size).toBe(1);
  });

  test("a validator that never gets ready stops the rollout; the steps of the runbook let the fix through", async () => {
    const before = await podIds();
    const old = await configs();
    // The second validator never gets ready with the change.
    const broken = new Set<string>();
    fakeNodes.isReady = (pod) => {
      const config = pod.spec.volumes?.find((volume: KubeObject) => volume.name === "config");
      return !config || !broken.has(`${validatorOf(pod)} ${config.projected.sources[0].configMap.name}`);
    };
    const markAsBroken = async () => {
      const changed = (await configs())["mezo-node-0"] ?? "";
      if (changed === old["mezo-node-0"]) return false;
      return broken.add(`mezo-node-1 ${changed}`);
    };
    deployed.push({ network: withTimeout("5s") });
    await eventually(markAsBroken, 60, "the change in mezo-node-0");
    await eventually(
      async () => (await podIds())["mezo-node-1"] !== before["mezo-node-1"],
      60,
      "a new pod of mezo-node-1",
    );
    const others = nodes.slice(2);
    await continually(async () => {
      const pods = await podIds();
      for (const each of others) expect({ [each]: pods[each] }).toEqual({ [each]: before[each] });
      expect((await deployed.app.read()).status.operationState.phase).toBe("Running");
    }, 5);

    // From here on as docs/runbooks/stuck-rollout.md says, in both orders in which people may do it.
    const push = () => deployed.push({ network: withTimeout("6s") });
    const terminate = () => argocd("app", "terminate-op", `mezo-${name}`);
    let fix: string;
    if (network.lifecycle === "adopted") {
      terminate();
      await deployed.app.until("terminated", ({ status }) => status.operationState.phase === "Failed");
      fix = push();
      const isFixed = async () => (await configs())["mezo-node-1"] !== [...broken][0]?.split(" ")[1];
      await deployed.app.until("the fix reaches mezo-node-1", isFixed);
      // The StatefulSet is OrderedReady: its controller waits for the pod that never gets ready.
      const stuck = (await podIds())["mezo-node-1"];
      await continually(async () => expect((await podIds())["mezo-node-1"]).toBe(stuck), 5);
      kubectl("delete", "pod", "mezo-node-1-0", "--namespace", name, "--wait=false");
    } else {
      fix = push();
      // The running sync goes on with the former commit.
      await continually(async () => {
        expect((await deployed.app.read()).status.operationState.syncResult?.revision).not.toBe(fix);
      }, 3);
      terminate();
      await deployed.app.until("terminated", ({ status }) => status.operationState.phase === "Failed");
      argocd("app", "sync", `mezo-${name}`, "--async");
    }
    await deployed.app.synced(fix, 120);
    await deployed.app.healthy();
    expect(new Set(Object.values(await configs())).size).toBe(1);
  });
});

test("all at once: all validators change together, ready or not", async () => {
  const name = "together";
  const network = networkOf(cluster, name, { rollout: "all-at-once" });
  const remove = await prepareNamespace(kube, cluster, network);
  try {
    const deployed = await deploy(kube, cluster, { network });
    await deployed.app.synced(deployed.push({ network }));
    const pods = async () =>
      Object.fromEntries((await kube.list("v1", "Pod", name)).map((pod) => [validatorOf(pod), pod.metadata.uid]));
    const before = await pods();
    // As after a planned halt, none is ready before all have changed.
    fakeNodes.isReady = (pod) => pod.metadata.namespace !== name || Object.values(before).includes(pod.metadata.uid);
    const commit = deployed.push({ network: { ...network, resources: { ...network.resources, memory: "300Mi" } } });
    await eventually(
      async () => {
        const now = await pods();
        return nodes.every((node) => now[node] && now[node] !== before[node]);
      },
      60,
      "five new pods",
    );
    fakeNodes.isReady = () => true;
    await deployed.app.synced(commit);
  } finally {
    await remove();
  }
});

function argocd(...args: string[]): void {
  execFileSync(
    programs.argocd,
    [...args, "--server", new URL(cluster.argocd).host, "--plaintext", "--auth-token", "none"],
    {
      env: { ARGOCD_BINARY_NAME: "argocd", HOME: `${cluster.folder}/home` },
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
}

function kubectl(...args: string[]): void {
  execFileSync(programs.controlPlane, ["kubectl", ...args], {
    env: { KUBECONFIG: cluster.kubeconfig, HOME: `${cluster.folder}/home` },
    stdio: ["ignore", "ignore", "pipe"],
  });
}
