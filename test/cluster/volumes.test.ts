import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkInput } from "generators/network/schema.ts";
import { isTrue, type KubeObject, type Reference, referenceTo } from "tools/cluster/kubernetes/client.ts";
import { clusterPrograms } from "tools/cluster/programs.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect, onTestFinished, test } from "vitest";
import { commandsOf } from "../support/chain/runbook.ts";
import { type Deployed, deploy, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { follow as followIn } from "../support/cluster/follow.ts";
import { describe } from "../support/cluster/own-cluster.ts";
import { uidsOf } from "../support/cluster/uids.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";

const { cluster, kube } = await useCluster();
const name = "volumes";
const storage = { size: "1Gi", className: "growing", accessMode: "ReadWriteOnce" } as const;
const grown = ["mezo-node-1", "mezo-node-3"];
const network = networkOf(cluster, name, { storage });
const larger = networkOf(cluster, name, {
  storage,
  perValidator: [1, 3].map((validator) => ({ validator, storage: { size: "3Gi" } })) as NetworkInput["perValidator"],
});
const commands = commandsOf("grow-a-volume");

describe("the runbook for a volume that is too small", () => {
  let deployed: Deployed;

  beforeAll(async () => {
    await kube.apply({
      apiVersion: "storage.k8s.io/v1",
      kind: "StorageClass",
      metadata: { name: storage.className },
      // The stand-ins for nodes make the volumes, and `resize` below lets them grow.
      provisioner: "kubernetes.io/no-provisioner",
      volumeBindingMode: "WaitForFirstConsumer",
      allowVolumeExpansion: true,
    });
    const remove = await prepareNamespace(kube, cluster, network);
    deployed = await deploy(kube, cluster, { network });
    await deployed.app.synced(deployed.push({ network }), 120);
    await deployed.app.healthy();
    return remove;
  });

  test("without it the API server refuses the size, and the sync fails", async () => {
    const object: Reference = { apiVersion: "apps/v1", kind: "StatefulSet", name: "mezo-node-1", namespace: name };
    const { spec } = await kube.get(object);
    const [claim] = spec.volumeClaimTemplates;
    claim.spec.resources.requests.storage = "3Gi";
    await expect(kube.patch(object, { spec: { volumeClaimTemplates: [claim] } })).rejects.toThrow(
      /forbidden|immutable/i,
    );
  });

  test("claims grow, StatefulSets are made anew with the new size, and no pod or claim is another", async () => {
    const [pods, sets, claims] = [await uids("v1", "Pod"), await uids("apps/v1", "StatefulSet"), await sizes()];
    const claimIds = await uids("v1", "PersistentVolumeClaim");
    expect(new Set(Object.values(claims))).toEqual(new Set(["1Gi"]));

    const isResized = resize();
    await follow("Grow the claims");
    await isResized;
    await follow("Delete the StatefulSets and keep their pods");
    expect(Object.keys(await uids("apps/v1", "StatefulSet"))).toEqual(
      Object.keys(sets).filter((each) => !grown.includes(each)),
    );
    expect(await uids("v1", "Pod")).toEqual(pods);
    const commit = deployed.push({ network: larger });
    await follow("Push");

    await deployed.app.synced(commit, 120);
    await deployed.app.healthy();
    const after = await uids("apps/v1", "StatefulSet");
    const renewed = Object.keys(sets).filter((each) => sets[each] !== after[each]);
    expect(renewed).toEqual(grown);
    expect(await uids("v1", "Pod")).toEqual(pods);
    expect(await uids("v1", "PersistentVolumeClaim")).toEqual(claimIds);
    expect(await sizes()).toEqual(
      Object.fromEntries(
        Object.keys(claims).map((each) => [each, grown.some((node) => each.includes(node)) ? "3Gi" : "1Gi"]),
      ),
    );
    for (const pod of await kube.list("v1", "Pod", name)) {
      if (pod.metadata.labels.type !== "node") continue;
      const [owner] = pod.metadata.ownerReferences;
      expect([owner.name, owner.uid]).toEqual([owner.name, after[owner.name]]);
      expect(isTrue(pod, "Ready")).toBe(true);
    }
    expect((await deployed.app.read()).spec.syncPolicy.automated).toMatchObject({ enabled: true, selfHeal: true });
  });

  test("a later change rolls pods of the new StatefulSets as of the others", async () => {
    const before = await uids("v1", "Pod");
    const changed = { ...larger, settings: { ...larger.settings, config: { mempool: { size: 20000 } } } };
    await deployed.app.synced(deployed.push({ network: changed }), 120);
    await deployed.app.healthy();
    const after = await uids("v1", "Pod");
    const nodes = Object.keys(before).filter((each) => /^mezo-node-\d-0$/.test(each));
    expect(nodes.filter((each) => before[each] === after[each])).toEqual([]);
  });
});

const uids = (apiVersion: string, kind: string) => uidsOf(kube, apiVersion, kind, name);

/** The size that each claim asks for. */
async function sizes(): Promise<Record<string, string>> {
  const claims = await kube.list("v1", "PersistentVolumeClaim", name);
  return Object.fromEntries(claims.map(({ metadata, spec }) => [metadata.name, spec.resources.requests.storage]));
}

/** Does what the storage's driver does: gives the grown claims what they ask for. */
const resize = () =>
  Promise.all(
    grown.map((node) =>
      eventually(
        async () => {
          const claims = await kube.list("v1", "PersistentVolumeClaim", name);
          const claim = claims.find(({ metadata }) => metadata.name.endsWith(`${node}-0`)) as KubeObject;
          const capacity = claim.spec.resources.requests;
          if (capacity.storage !== "3Gi") return false;
          await kube.patch(referenceTo(claim), { status: { capacity } }, "status");
          return true;
        },
        60,
        `a larger claim of ${node}`,
      ),
    ),
  );

/** Runs the runbook's commands under a heading, with this network's names. */
async function follow(heading: string): Promise<void> {
  const { controlPlane } = await clusterPrograms();
  const folder = mkdtempSync(join(tmpdir(), "runbook-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, "kubectl"), `#!/bin/sh\nexec "${controlPlane}" kubectl "$@"\n`, { mode: 0o755 });
  const script = `${commands("")}\n${commands(heading)}`
    .replace("application=mezo-staging", `application=mezo-${name}`)
    .replace("namespace=default", `namespace=${name}`)
    // The StatefulSets are gone after they were deleted; the claim's name does not change.
    .replace(/^claim=.*$/m, "claim=mezo-node-data")
    .replace('nodes="mezo-node-3"', `nodes="${grown.join(" ")}"`)
    .replace("size=500Gi", "size=3Gi");
  await followIn(heading, ["/bin/sh", "-euc", script], {
    env: { PATH: `${folder}:/usr/bin:/bin`, HOME: folder, KUBECONFIG: cluster.kubeconfig },
  });
}
