import type { NetworkInput } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import { checkCluster } from "scripts/check-cluster/check.ts";
import type { Subject } from "scripts/check-cluster/subject.ts";
import { apiOf } from "scripts/lib/cluster/api.ts";
import type { Verdict } from "scripts/lib/verdict.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import { beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { build, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { describe } from "../support/cluster/own-cluster.ts";
import { type Repository, repository } from "../support/cluster/repository.ts";
import { runLiveNetwork } from "../support/cluster/run-live-network.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";
import { staging } from "../support/networks.ts";

const { cluster, kube } = await useCluster();
const name = "check-cluster";
// Staging's objects. Without gcloud, and without its account, addresses are a warning that no row looks at.
const network = networkOf(cluster, name, {
  ...(staging as NetworkInput),
  name,
  namespace: name,
  argocd: { repoURL: cluster.repoURL, revision: name },
});
const tree = render([{ network }]);
const argocdObjects: Manifest[] = ["appproject", "application"].map((kind) =>
  parse(tree.get(`overlays/argocd/${name}-${kind}.yaml`) ?? ""),
);
let objects: Manifest[] = [];
let clone: Repository;

const reference = (kind: string, object: string, apiVersion = "v1") => ({
  apiVersion,
  kind,
  name: object,
  namespace: name,
});

async function check(): Promise<string[]> {
  const subject: Subject = {
    root: clone.folder,
    network,
    api: await apiOf(kube.config),
    objects,
    argocdObjects,
    controller: { namespace: "kube-system", name: "sealed-secrets-controller" },
  };
  return (await checkCluster(subject, false)).map((each: Verdict) => `${each.level}: ${each.about} ${each.says}`);
}

describe("pnpm check-cluster, over the live objects", () => {
  beforeAll(async () => {
    clone = repository(cluster, name);
    clone.push(tree);
    objects = await build(clone.folder, name);
    return prepareNamespace(kube, cluster, network);
  });

  test("on an empty namespace all objects are new, and Argo CD's are missing", async () => {
    const lines = await check();
    expect(lines).toContainEqual(expect.stringMatching(/^ok: objects \d+ of \d+ are new/));
    expect(lines).toContainEqual(`error: Application mezo-${name} is not in the cluster`);
    expect(lines).toContainEqual(`error: AppProject mezo-${name} is not in the cluster`);
    expect(lines).toContainEqual(expect.stringMatching(/^ok: Kubernetes is v1\./));
    expect(lines).toContainEqual(expect.stringMatching(/^ok: kinds all \d+ /));
  });

  test("over the live network it names what changes, and nothing would be refused", async () => {
    await runLiveNetwork(kube, cluster, name, "apply");
    const lines = await check();
    expect(lines.filter((line) => line.includes("would be refused"))).toEqual([]);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ok: StatefulSet mezo-node-0 would change: .*priorityClassName/),
    );
    expect(lines.filter((line) => line.includes("fields of other clients"))).toEqual([]);
  });

  test("half adopted, the adopted objects are as committed and the rest would change", async () => {
    const service = objects.find(({ kind, metadata }) => kind === "Service" && metadata.name === "mezo-rpc");
    await kube.apply(service, { manager: "argocd-controller" });
    const lines = await check();
    expect(lines.filter((line) => line.startsWith("ok: Service mezo-rpc would change"))).toEqual([]);
    expect(lines).toContainEqual(expect.stringMatching(/^ok: StatefulSet mezo-node-0 would change/));
  });

  test("checking changes nothing", async () => {
    const versions = async () =>
      (await kube.list("apps/v1", "StatefulSet", name)).map(({ metadata }) => [metadata.name, metadata.generation]);
    const before = await versions();
    await check();
    expect(await versions()).toEqual(before);
    const pods = await kube.list("v1", "Pod", name);
    expect(pods.map(({ metadata }) => metadata.name).filter((each) => each.includes("check"))).toEqual([]);
  });

  // The state that is made, and what it says then.
  const broken: [state: string, make: () => Promise<unknown>, says: RegExp][] = [
    [
      "a StatefulSet has another claim",
      async () => {
        const live = await kube.get(reference("StatefulSet", "mezo-node-4", "apps/v1"));
        await kube.delete(reference("StatefulSet", "mezo-node-4", "apps/v1"), { propagationPolicy: "Orphan" });
        const { spec } = live;
        spec.volumeClaimTemplates[0].spec.resources.requests.storage = "7Gi";
        await kube.create({
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          metadata: { name: "mezo-node-4", namespace: name, labels: live.metadata.labels },
          spec,
        });
      },
      /^error: StatefulSet mezo-node-4 would be refused: .*updates to statefulset spec/,
    ],
    [
      "a Service has a client of its own",
      () =>
        kube.apply(
          {
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: "mezo-node-0", namespace: name },
            spec: { externalTrafficPolicy: "Cluster" },
          },
          { manager: "terraform" },
        ),
      /^warning: Service mezo-node-0 has fields of other clients: .*externalTrafficPolicy \(terraform\)/,
    ],
    [
      "the Application has another branch",
      async () => {
        for (const object of argocdObjects) await kube.apply(object, { manager: "operator" });
        await kube.patch(
          { apiVersion: "argoproj.io/v1alpha1", kind: "Application", name: `mezo-${name}`, namespace: "argocd" },
          { spec: { source: { targetRevision: "other" }, syncPolicy: { automated: { enabled: false } } } },
        );
      },
      /^error: Application mezo-check-cluster is not the one that is committed: .*spec\.source\.targetRevision/,
    ],
    [
      "the AppProject allows less",
      () =>
        kube.patch(
          { apiVersion: "argoproj.io/v1alpha1", kind: "AppProject", name: `mezo-${name}`, namespace: "argocd" },
          { spec: { namespaceResourceWhitelist: [] } },
        ),
      /^error: AppProject mezo-check-cluster is not the one that is committed/,
    ],
    [
      "the storage class is gone",
      () => kube.delete({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name: "premium-rwo" }),
      /^error: storage has no class premium-rwo/,
    ],
    [
      "the storage class chooses zones",
      () =>
        kube.apply({
          apiVersion: "storage.k8s.io/v1",
          kind: "StorageClass",
          metadata: { name: "premium-rwo" },
          provisioner: "kubernetes.io/no-provisioner",
          volumeBindingMode: "Immediate",
        }),
      /^warning: storage class premium-rwo chooses a volume's zone/,
    ],
    ["nobody is known to enforce policies", async () => {}, /^warning: policies are enforced by nothing that is known/],
  ];
  test.each(broken)("%s", async (_, make, says) => {
    await make();
    expect(await check()).toContainEqual(expect.stringMatching(says));
  });
});
