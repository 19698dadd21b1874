import { allocatable, machineSize } from "generators/network/machines.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { conditionOf } from "tools/cluster/kubernetes/client.ts";
import { defaultNodes, type FakeNode, zonalProvisioner } from "tools/cluster/parts/fake-nodes.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect } from "vitest";
import { networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { machines, runBeside, scheduledObjects } from "../support/cluster/machines.ts";
import { describe, test } from "../support/cluster/own-cluster.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";
import { staging } from "../support/networks.ts";

// The scheduler, the StatefulSets' and the budget's controllers and the Eviction API are real. The machines are as large as
// staging's, in three zones, and carry what staging reserves for others; each disk stays in the zone where it was made.

const { cluster, kube } = await useCluster();
const gke = staging.gke as NonNullable<Network["gke"]>;
const room = allocatable(machineSize(gke.machine) ?? { cpu: 0, memory: 0 });
const storageClass = "zonal";

beforeAll(async () => {
  await kube.apply({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: storageClass },
    provisioner: zonalProvisioner,
    volumeBindingMode: "WaitForFirstConsumer",
  });
  const { cordon, uncordon } = machines(kube, staging);
  for (const { name } of defaultNodes) await cordon(name);
  return async () => {
    for (const { name } of defaultNodes) await uncordon(name);
    await kube.delete({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name: storageClass });
  };
});

describe.each([
  { spread: "preferred" as const, count: 3, carried: [1, 2, 2] },
  { spread: "required" as const, count: 5, carried: [1, 1, 1, 1, 1] },
])("$spread, on $count machines in three zones", ({ spread, count, carried }) => {
  const name = `machines-${count}`;
  const network = networkOf(cluster, name, {
    ...(staging as NetworkInput),
    name,
    namespace: name,
    argocd: undefined,
    spread,
    gke: { ...gke, nodes: count },
    storage: { ...staging.storage, className: storageClass },
  });
  const { pods, podsOn, evict, add, cordon, uncordon, remove, drain, whole } = machines(kube, network);

  const machine = (generation: string, index: number): FakeNode => ({
    name: `${name}-${generation}-${index}`,
    zone: `zone-${index % 3}`,
    cpu: `${Math.floor(room.cpu * 1000)}m`,
    memory: `${Math.floor(room.memory / 2 ** 20)}Mi`,
  });
  const indexes = Array.from({ length: count }, (_, index) => index);
  /** The machines that there are now, by position; each upgrade replaces all of them. */
  let current = indexes.map((index) => machine("first", index));

  beforeAll(async () => {
    const removeNamespace = await prepareNamespace(kube, cluster, network);
    for (const each of current) await add(each);
    for (const object of await scheduledObjects(network)) await kube.apply(object);
    await whole();
    return async () => {
      await removeNamespace();
      for (const each of current) await remove(each.name);
    };
  });

  const carriedNow = async () =>
    (await Promise.all(current.map(async (each) => (await podsOn(each.name)).length))).sort();

  /** The zone of each validator's pod. */
  const zones = async () => {
    const zoneOf = new Map(current.map((each) => [each.name, each.zone]));
    return Object.fromEntries((await pods()).map(({ metadata, spec }) => [metadata.name, zoneOf.get(spec.nodeName)]));
  };

  test("machines carry as few validators as they can", async () => {
    expect(await carriedNow()).toEqual(carried);
  });

  test("a drained machine gives up one validator, which waits for its zone, and comes back with the machine", async () => {
    const before = await zones();
    const [drained] = await fullest(current, podsOn);
    if (!drained) throw new Error("there is no machine");
    await cordon(drained.name);
    const there = await podsOn(drained.name);
    const results = [];
    for (const pod of there) results.push(await evict(pod));
    expect(results).toEqual(there.map((_, i) => i === 0));
    const waiting = async () => (await pods()).filter(({ spec }) => !spec.nodeName);
    const [pod] = await eventually(
      async () => {
        const found = await waiting();
        return found.some((each) => conditionOf(each, "PodScheduled")?.status === "False") ? found : undefined;
      },
      30,
      "a pod that waits",
    );
    expect(pod?.metadata.name).toBe(there[0]);
    await uncordon(drained.name);
    await whole();
    expect(await zones()).toEqual(before);
    expect(await carriedNow()).toEqual(carried);
  });

  test("a surge upgrade moves every validator to the new machine of its zone, one at a time", async () => {
    const before = await zones();
    for (const index of indexes) {
      const [old, next] = [current[index] as FakeNode, machine("surge", index)];
      await add(next);
      await cordon(old.name);
      await drain(old.name);
      current = current.map((each) => (each === old ? next : each));
      await whole();
      await remove(old.name);
    }
    expect(await zones()).toEqual(before);
    expect(await carriedNow()).toEqual(carried);
  });

  test("a blue-green upgrade moves all of them to the green machines, and none waits for ever", async () => {
    const before = await zones();
    const [blue, green] = [current, indexes.map((index) => machine("green", index))];
    for (const each of green) await add(each);
    for (const each of blue) await cordon(each.name);
    for (const each of blue) await drain(each.name);
    await whole();
    current = green;
    for (const each of blue) await remove(each.name);
    expect(await zones()).toEqual(before);
    expect(await carriedNow()).toEqual(carried);
  });

  test("where the only machine of a zone is full, other pods make room", async () => {
    const [alone] = current.filter(({ zone }) => zone === "zone-2");
    if (!alone) throw new Error("there is no machine in zone-2");
    const [pod = ""] = await podsOn(alone.name);
    const filler = await runBeside(kube, network, alone.name, "filler", { memory: gke.reserved.memory });
    const fillers = [];
    for (const i of [1, 2, 3])
      fillers.push(await runBeside(kube, network, alone.name, `filler-${i}`, { memory: "5Gi" }));
    expect(await evict(pod)).toBe(true);
    await whole();
    expect(await podsOn(alone.name)).toContain(pod);
    const left = await Promise.all([filler, ...fillers].map((each) => kube.get(each)));
    expect(left).toContain(undefined);
  });
});

/** Machines by how many validators they carry, the fullest first. */
async function fullest(all: readonly FakeNode[], podsOn: (machine: string) => Promise<string[]>): Promise<FakeNode[]> {
  const counted = await Promise.all(all.map(async (each) => ({ each, count: (await podsOn(each.name)).length })));
  return counted.sort((a, b) => b.count - a.count).map(({ each }) => each);
}
