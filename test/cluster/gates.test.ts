import { gateName } from "generators/network/names.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { eventually } from "tools/cluster/wait.ts";
import { afterEach, beforeAll, expect } from "vitest";
import { continually } from "../support/cluster/continually.ts";
import { type Deployed, deploy, networkOf, plainSecrets, prepareNamespace } from "../support/cluster/deployment.ts";
import { describe, test } from "../support/cluster/own-cluster.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";
import { genesisOf } from "../support/genesis.ts";
import { inventedValidators, local } from "../support/networks.ts";

const { cluster, kube, fakeNodes } = await useCluster();
const name = "gates";

afterEach(() => {
  fakeNodes.ending = () => "Succeeded";
});

describe("the gates before the batches of a rollout", () => {
  const networkWith = (change: Partial<NetworkInput> = {}) =>
    networkOf(cluster, name, { genesis: { kind: "file" }, ...change });
  const source = (change: Partial<NetworkInput> = {}) => ({ network: networkWith(change), genesisText });
  // The last of these is not described at first.
  const six = [...local.validators, ...inventedValidators(6).slice(5)];
  const genesisText = JSON.stringify(genesisOf(networkWith({ validators: six })));
  const withTimeout = (timeout: string): Partial<NetworkInput> => ({
    settings: { config: { p2p: { addr_book_strict: false }, consensus: { timeout_commit: timeout } } },
  });
  let deployed: Deployed;
  beforeAll(async () => {
    const remove = await prepareNamespace(kube, cluster, networkWith());
    deployed = await deploy(kube, cluster, source());
    await deployed.app.synced(deployed.push(source()), 120);
    await deployed.app.healthy();
    return remove;
  });

  const sets = async (): Promise<KubeObject[]> => kube.list("apps/v1", "StatefulSet", name);
  const generations = async (): Promise<Record<string, number>> =>
    Object.fromEntries((await sets()).map(({ metadata }) => [metadata.name, metadata.generation]));
  const isOfGate = (pod: KubeObject, batch: number) =>
    pod.metadata.labels?.["batch.kubernetes.io/job-name"] === gateName(networkWith(), batch);

  test("one that fails holds its batch and all behind it; when it opens, the newest commit goes through", async () => {
    const before = await generations();
    fakeNodes.ending = (pod) => (isOfGate(pod, 3) ? "Failed" : "Succeeded");
    deployed.push(source(withTimeout("4s")));
    const has = async (node: string) => (await generations())[node] !== before[node];
    await eventually(() => has("mezo-node-1"), 90, "the change in the second batch");
    await continually(async () => {
      const now = await generations();
      for (const node of ["mezo-node-2", "mezo-node-3", "mezo-node-4"]) expect(now[node]).toBe(before[node]);
    }, 15);
    fakeNodes.ending = () => "Succeeded";
    const commit = deployed.push(source(withTimeout("5s")));
    await deployed.app.synced(commit, 180);
    await deployed.app.healthy();
  });

  test("a validator that is paused has no pod, and the disruption budget spares none", async () => {
    const paused = [{ validator: 4, reason: "its machine is being replaced" }];
    await deployed.app.synced(deployed.push(source({ ...withTimeout("5s"), paused })), 120);
    const pods = async () =>
      (await kube.list("v1", "Pod", name)).filter(({ metadata }) => metadata.labels.id === "4").length;
    await eventually(async () => (await pods()) === 0, 60, "the end of the fifth validator's pod");
    const budget = { apiVersion: "policy/v1", kind: "PodDisruptionBudget", name: "mezo-node", namespace: name };
    expect((await kube.get(budget))?.spec.maxUnavailable).toBe(0);
  });

  test("a validator that leaves git stays until a person confirms it", async () => {
    for (const secret of plainSecrets(networkWith({ validators: six }))) await kube.apply(secret);
    await deployed.app.synced(deployed.push(source({ ...withTimeout("5s"), validators: six })), 180);
    const commit = deployed.push(source(withTimeout("5s")));
    await deployed.app.until(
      "waiting for the confirmation",
      ({ status }) =>
        status.operationState?.syncResult?.revision === commit && status.operationState.phase === "Running",
      120,
    );
    const isThere = async () => (await sets()).some(({ metadata }) => metadata.name === "mezo-node-5");
    await continually(async () => expect(await isThere()).toBe(true), 15);
    await deployed.app.confirmDeletion();
    await deployed.app.synced(commit, 120);
    expect(await isThere()).toBe(false);
  });
});
