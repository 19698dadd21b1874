import { type KubeObject, referenceTo } from "tools/cluster/kubernetes/client.ts";
import { beforeAll, expect, test } from "vitest";
import { build, type Deployed, deploy, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { missingFields } from "../support/cluster/missing-fields.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";

const { cluster, kube } = await useCluster();
const network = networkOf(cluster, "sync");

let deployed: Deployed;
beforeAll(async () => {
  const remove = await prepareNamespace(kube, cluster, network);
  deployed = await deploy(kube, cluster, { network });
  return remove;
});

test("a first push becomes running objects", async () => {
  const commit = deployed.push({ network });
  await deployed.app.synced(commit);
  const { status } = await deployed.app.healthy();
  expect(status.conditions ?? []).toEqual([]);
});

// The cluster's Argo CD never polls, so only the webhook can cause a sync.
test("git push triggers a sync at once", async () => {
  const changed = { ...network, resources: { ...network.resources, memory: "300Mi" } };
  const start = Date.now();
  const commit = deployed.push({ network: changed });
  await deployed.app.synced(commit);
  console.log(
    `from push to Synced: ${((Date.now() - start) / 1000).toFixed(1)} s, five validators one after the other`,
  );
  await deployed.app.healthy();
  const set = await kube.get({ apiVersion: "apps/v1", kind: "StatefulSet", name: "mezo-node-4", namespace: "sync" });
  expect(set.spec.template.spec.containers[0].resources.requests.memory).toBe("300Mi");
});

test("no drift: twenty refreshes find everything in sync", async () => {
  for (let round = 0; round < 20; round++) {
    const { status } = await deployed.app.refresh(round % 2 ? "normal" : "hard");
    const out = status.resources.filter((each: KubeObject) => each.status !== "Synced" && !each.hook);
    expect({ round, sync: status.sync.status, out }).toEqual({ round, sync: "Synced", out: [] });
  }
});

test("what is live is what is rendered", async () => {
  const objects = await build(deployed.repository.folder, network.name);
  expect(objects.length).toBeGreaterThan(20);
  const differences = await Promise.all(
    objects.map(async (object) => {
      const live = await kube.get(referenceTo(object));
      return missingFields(object, live).map((path) => `${object.kind} ${object.metadata.name}: ${path}`);
    }),
  );
  expect(differences.flat()).toEqual([]);
  // Argo CD tracks nothing beyond what is rendered.
  const { status } = await deployed.app.read();
  const names = ({ kind, name }: { kind: string; name: string }) => `${kind} ${name}`;
  expect(status.resources.map(names).sort()).toEqual(
    objects.map(({ kind, metadata }) => names({ kind, name: metadata.name })).sort(),
  );
});
