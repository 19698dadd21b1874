import type { NetworkInput } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import { checkCluster } from "scripts/check-cluster/check.ts";
import type { Subject } from "scripts/check-cluster/subject.ts";
import { apiOf } from "scripts/lib/cluster/api.ts";
import type { Verdict } from "scripts/lib/verdict.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import type { KubeObject } from "tools/cluster/kubernetes/client.ts";
import { type ClusterLocation, commandsFolder } from "tools/cluster/location.ts";
import { eventually } from "tools/cluster/wait.ts";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { parse } from "yaml";
import { commandsOf } from "../support/chain/runbook.ts";
import { build, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { follow } from "../support/cluster/follow.ts";
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

/** Has a machine take no more pods, or take them again. */
const close = (machine: string, unschedulable: true | null) =>
  kube.patch({ apiVersion: "v1", kind: "Node", name: machine }, { spec: { unschedulable } });

/** Makes or removes a policy of the cluster that admits no budget for disruptions of this network. */
async function refuse(does: boolean): Promise<void> {
  const apiVersion = "admissionregistration.k8s.io/v1";
  const policy = { apiVersion, kind: "ValidatingAdmissionPolicy", metadata: { name: `${name}-no-budgets` } };
  const binding = { ...policy, kind: "ValidatingAdmissionPolicyBinding" };
  if (!does) {
    for (const { kind, metadata } of [binding, policy]) await kube.delete({ apiVersion, kind, name: metadata.name });
    return;
  }
  const rule = { apiGroups: ["policy"], apiVersions: ["v1"], operations: ["*"], resources: ["poddisruptionbudgets"] };
  await kube.apply({
    ...policy,
    spec: {
      matchConstraints: {
        resourceRules: [rule],
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": name } },
      },
      validations: [{ expression: "false", message: "no budgets here" }],
    },
  });
  await kube.apply({
    ...binding,
    spec: { policyName: policy.metadata.name, validationActions: ["Deny"] },
  });
  const budget = objects.find(({ kind }) => kind === "PodDisruptionBudget");
  const isRefused = () =>
    kube.apply(budget, { dryRun: true }).then(
      () => false,
      () => true,
    );
  await eventually(isRefused, 60, "a policy that counts");
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
  test("docs/runbooks/stuck-rollout.md, A field that stays: another client's fields go, and Argo CD's stay", async () => {
    const node = "mezo-node-1";
    const set = objects.find(({ kind, metadata }) => kind === "StatefulSet" && metadata.name === node) as KubeObject;
    const { volumeClaimTemplates: _, ...spec } = set.spec;
    await kube.apply(set, { manager: "argocd-controller" });
    await kube.apply({ ...set, spec }, { manager: "kubectl" });
    const says = /^warning: StatefulSet mezo-node-1 has fields that another client would keep: .*\(kubectl\)/;
    expect(await check()).toContainEqual(expect.stringMatching(says));
    const location = inject("location") as ClusterLocation;
    const [looking = "", taking = ""] =
      commandsOf("stuck-rollout")("A field that stays").split(/(?=^kubectl (?:apply|patch))/m);
    const followed = (script: string) =>
      follow("A field that stays", ["bash", "-euo", "pipefail", "-c", script], {
        env: {
          PATH: `${commandsFolder(location)}:/usr/bin:/bin`,
          KUBECONFIG: cluster.kubeconfig,
          HOME: clone.folder,
        },
      });
    const inNamespace = (script: string) => script.replaceAll("kubectl ", `kubectl --namespace ${name} `);
    expect(await followed(inNamespace(looking))).toMatch(/^kubectl Apply $/m);
    await followed(inNamespace(taking));
    expect(await followed(inNamespace(looking))).not.toMatch(/^kubectl /m);
    expect((await check()).filter((line) => says.test(line))).toEqual([]);
    const live = await kube.get(reference("StatefulSet", node, "apps/v1"));
    expect(live.spec.template.spec.containers[0].image).toBe(set.spec.template.spec.containers[0].image);
  });

  const broken: [state: string, make: () => Promise<unknown>, says: RegExp][] = [
    [
      "a StatefulSet has another claim",
      async () => {
        const live = await kube.get(reference("StatefulSet", "mezo-node-4", "apps/v1"));
        await kube.delete(reference("StatefulSet", "mezo-node-4", "apps/v1"), { propagationPolicy: "Orphan" });
        const isGone = async () => !(await kube.get(reference("StatefulSet", "mezo-node-4", "apps/v1")));
        await eventually(isGone, 30, "the removal of the StatefulSet");
        const { spec } = live;
        spec.volumeClaimTemplates[0].spec.resources.requests.storage = "7Gi";
        await kube.create({
          apiVersion: "apps/v1",
          kind: "StatefulSet",
          metadata: { name: "mezo-node-4", namespace: name, labels: live.metadata.labels },
          spec,
        });
      },
      /^error: StatefulSet mezo-node-4 would be refused: .*spec\.volumeClaimTemplates: .{0,40}immutable$/,
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
    [
      "another client has a field that Argo CD has, too",
      async () => {
        const { spec, ...service } = objects.find(({ metadata }) => metadata.name === "mezo-rpc") as KubeObject;
        await kube.apply({ ...service, spec: { ports: spec.ports } }, { manager: "terraform" });
      },
      /^warning: Service mezo-rpc has fields that another client would keep: \S+ \(terraform\) and \d+ more/,
    ],
    [
      "all machines but one take no more pods",
      async () => {
        for (const machine of (await kube.list("v1", "Node")).slice(1)) await close(machine.metadata.name, true);
      },
      /^error: machines are 1; gke\.nodes says 3$/,
    ],
    [
      "the cluster's own policy refuses a kind",
      () => refuse(true),
      /^error: PodDisruptionBudget mezo-node would be refused: .*no budgets here/,
    ],
    ["nobody is known to enforce policies", async () => {}, /^warning: policies are enforced by nothing that is known/],
  ];
  // Other files have this cluster, too.
  afterAll(async () => {
    await refuse(false);
    for (const { metadata } of await kube.list("v1", "Node")) await close(metadata.name, null);
    await kube.delete({ apiVersion: "storage.k8s.io/v1", kind: "StorageClass", name: "premium-rwo" });
  });
  test.each(broken)("%s", async (_, make, says) => {
    await make();
    expect(await check()).toContainEqual(expect.stringMatching(says));
  });
});
