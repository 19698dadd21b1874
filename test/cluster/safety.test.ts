import { type KubeObject, type Reference, referenceTo } from "tools/cluster/kubernetes/client.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect } from "vitest";
import { parse, stringify } from "yaml";
import { continually } from "../support/cluster/continually.ts";
import { type Deployed, deploy, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { longTests } from "../support/cluster/long-tests.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";
import { local } from "../support/networks.ts";

const { describe, test } = longTests(1);

const { cluster, kube } = await useCluster();
const name = "safety";
const network = networkOf(cluster, name);
const fewer = networkOf(cluster, name, { validators: local.validators.slice(0, 4) });

let deployed: Deployed;
beforeAll(async () => {
  const remove = await prepareNamespace(kube, cluster, network);
  deployed = await deploy(kube, cluster, { network });
  await deployed.app.synced(deployed.push({ network }));
  await deployed.app.healthy();
  return remove;
});

const object = (apiVersion: string, kind: string, of: string): Reference => ({
  apiVersion,
  kind,
  name: of,
  namespace: name,
});
const statefulSet = (index: number) => object("apps/v1", "StatefulSet", `mezo-node-${index}`);

/** The uids of everything that must survive, whatever happens to the Application. */
async function protectedObjects(): Promise<Record<string, string>> {
  const kinds = ["PersistentVolumeClaim", "Secret"];
  const lists = await Promise.all(kinds.map((kind) => kube.list("v1", kind, name)));
  const sets = await kube.list("apps/v1", "StatefulSet", name);
  return Object.fromEntries(
    [...lists.flat(), ...sets].map(({ kind, metadata }) => [`${kind} ${metadata.name}`, metadata.uid]),
  );
}

// Argo CD heals at once, and then with longer and longer pauses: 2 s, 6 s, 18 s, 54 s, 162 s, and 300 s at most. One change
// may take two of its syncs.
const healedWithinSeconds = 330;

describe("a change by hand is undone", () => {
  const deletions: [string, Reference][] = [
    ["a StatefulSet", statefulSet(2)],
    ["a Service", object("v1", "Service", "mezo-node-2")],
    ["a NetworkPolicy", object("networking.k8s.io/v1", "NetworkPolicy", "mezo-default-deny")],
    ["the Deployment", object("apps/v1", "Deployment", "ethereum-sidecar")],
  ];
  test.each(deletions)("%s that is deleted comes back", async (_, reference) => {
    const before = await kube.get(reference);
    const claims = await kube.list("v1", "PersistentVolumeClaim", name);
    expect(before).toBeDefined();
    await kube.delete(reference, { propagationPolicy: "Background" });
    const after = await eventually(() => kube.get(reference), healedWithinSeconds, `a new ${reference.kind}`);
    expect(after.metadata.uid).not.toBe(before.metadata.uid);
    await deployed.app.until(
      "in sync",
      ({ status }) => status.sync.status === "Synced" && status.health.status === "Healthy",
    );
    // Deleting a StatefulSet leaves its validator's volume, and the new one takes it.
    const uids = (list: KubeObject[]) => list.map(({ metadata }) => metadata.uid).sort();
    expect(uids(await kube.list("v1", "PersistentVolumeClaim", name))).toEqual(uids(claims));
  });

  test("an edited field gets its value back", async () => {
    const { replicas } = (await kube.get(statefulSet(1))).spec;
    await kube.patch(statefulSet(1), { spec: { replicas: replicas + 1 } });
    await eventually(
      async () => (await kube.get(statefulSet(1))).spec.replicas === replicas,
      healedWithinSeconds,
      "the former number of replicas",
    );
  });
});

describe("keystores and volumes survive", () => {
  test.each([
    ["which kustomize refuses", {}],
    ["which builds to nothing", { resources: ["nothing.yaml"] }],
  ])("an empty overlay, %s: nothing is removed", async (_, content) => {
    const before = await protectedObjects();
    deployed.push({ network }, (tree) => {
      const empty = { apiVersion: "kustomize.config.k8s.io/v1beta1", kind: "Kustomization", ...content };
      tree.set(`overlays/${name}/kustomization.yaml`, stringify(empty));
      tree.set(`overlays/${name}/nothing.yaml`, "# nothing\n");
    });
    await deployed.app.until("an error", ({ status }) => (status.conditions ?? []).length > 0);
    await continually(async () => expect(await protectedObjects()).toEqual(before), 5);
    const commit = deployed.push({ network });
    await deployed.app.until(
      "as before",
      ({ status }) => status.sync.status === "Synced" && status.sync.revision === commit,
    );
    expect(await protectedObjects()).toEqual(before);
  });

  test("a validator is removed from the network and a person confirms it: its keystore and its volume stay", async () => {
    const before = await protectedObjects();
    const commit = deployed.push({ network: fewer });
    await deployed.app.until(
      "waiting for the confirmation",
      ({ status }) =>
        status.operationState?.syncResult?.revision === commit && status.operationState.phase === "Running",
    );
    await deployed.app.confirmDeletion();
    await deployed.app.synced(commit, 120);
    await eventually(async () => (await kube.get(statefulSet(4))) === undefined, 60, "the removal of mezo-node-4");
    const { "StatefulSet mezo-node-4": removed, ...rest } = before;
    expect(removed).toBeDefined();
    await continually(async () => expect(await protectedObjects()).toEqual(rest), 5);
    // The validator takes its volume again when it comes back.
    await deployed.app.synced(deployed.push({ network }));
    await deployed.app.healthy();
    expect(await protectedObjects()).toMatchObject(rest);
  });

  test.each([
    ["without a finalizer", []],
    ["with the finalizer that deletes what it deployed", ["resources-finalizer.argocd.argoproj.io"]],
  ])("the Application is deleted, %s: the chain goes on", async (_, finalizers) => {
    const before = await protectedObjects();
    const pods = async () =>
      (await kube.list("v1", "Pod", name))
        .filter(({ metadata }) => metadata.labels.type === "node")
        .map(({ metadata }) => metadata.uid)
        .sort();
    const running = await pods();
    const application = await kube.get(deployed.app.reference);
    await kube.patch(deployed.app.reference, { metadata: { finalizers } });
    await kube.delete(deployed.app.reference);
    await eventually(
      async () => (await kube.get(deployed.app.reference)) === undefined,
      60,
      "the removal of the Application",
    );
    await continually(async () => {
      expect(await protectedObjects()).toEqual(before);
      expect(await pods()).toEqual(running);
    }, 5);
    // Peers still find the validators.
    expect(await kube.get(object("v1", "Service", "mezo-node-0"))).toBeDefined();

    await kube.apply({
      ...application,
      metadata: { name: application.metadata.name, namespace: "argocd" },
      status: undefined,
    });
    await deployed.app.until(
      "in sync again",
      ({ status }) => status?.sync?.status === "Synced" && status.health.status === "Healthy",
    );
    expect(await protectedObjects()).toEqual(before);
  });
});

describe("the AppProject", () => {
  const forbidden: [string, KubeObject][] = [
    [
      "a kind that no network uses",
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name: "forbidden" },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" },
        subjects: [{ kind: "User", name: "somebody", apiGroup: "rbac.authorization.k8s.io" }],
      },
    ],
    ["a plain Secret", { apiVersion: "v1", kind: "Secret", metadata: { name: "forbidden" }, stringData: { a: "b" } }],
    [
      "a cluster-scoped kind",
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "ClusterRole",
        metadata: { name: "forbidden" },
        rules: [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }],
      },
    ],
  ];
  test.each(forbidden)("refuses %s", async (_, object) => {
    deployed.push({ network }, (tree) => {
      const file = `overlays/${name}/kustomization.yaml`;
      const kustomization = parse(tree.get(file) ?? "");
      tree.set(file, stringify({ ...kustomization, resources: [...kustomization.resources, "forbidden.yaml"] }));
      tree.set(`overlays/${name}/forbidden.yaml`, stringify(object));
    });
    await deployed.app.until("refused", ({ status }) => /is not permitted in project/.test(JSON.stringify(status)));
    await continually(
      async () => expect(await kube.get({ ...referenceTo(object), namespace: name })).toBeUndefined(),
      3,
    );
    await deployed.app.synced(deployed.push({ network }), 120);
  });

  test.each([
    ["another namespace", { destination: { server: "https://kubernetes.default.svc", namespace: "kube-system" } }],
    [
      "another repository",
      { source: { repoURL: "http://127.0.0.1:1/other.git", path: "overlays/safety", targetRevision: "main" } },
    ],
  ])("refuses an Application with %s", async (_, change) => {
    const { spec } = await kube.get(deployed.app.reference);
    const refused = {
      apiVersion: "argoproj.io/v1alpha1",
      kind: "Application",
      metadata: { name: "refused", namespace: "argocd" },
      spec: { ...spec, ...change },
    };
    await kube.apply(refused);
    try {
      const { status } = await eventually(
        async () => {
          const app = await kube.get(referenceTo(refused));
          return app.status?.conditions && app;
        },
        60,
        "conditions of the Application",
      );
      expect(status.conditions[0]).toMatchObject({
        type: "InvalidSpecError",
        message: expect.stringMatching(/not permitted|do not match any of the allowed/),
      });
      expect(status.operationState).toBeUndefined();
    } finally {
      await kube.delete(referenceTo(refused));
    }
  });
});
