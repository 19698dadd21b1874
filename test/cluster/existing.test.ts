import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connect, type Kube, type KubeObject, referenceTo } from "tools/cluster/kubernetes/client.ts";
import { type ClusterLocation, createLocation } from "tools/cluster/location.ts";
import { controlPlane, writeControlPlaneFiles } from "tools/cluster/parts/control-plane.ts";
import { kubeconfigFile } from "tools/cluster/parts/credentials.ts";
import { checkExistingCluster, runLabels } from "tools/cluster/parts/existing-cluster.ts";
import { supervise } from "tools/cluster/process/supervisor.ts";
import { clusterPrograms } from "tools/cluster/programs.ts";
import { eventually } from "tools/cluster/wait.ts";
import { crdFiles } from "tools/schemas.ts";
import { afterEach, beforeAll, beforeEach, expect } from "vitest";
import { parse } from "yaml";
import { longTests } from "../support/cluster/long-tests.ts";
import * as ownCluster from "../support/cluster/own-cluster.ts";
import { runTests } from "../support/cluster/run-tests.ts";

const { describe, test } = longTests(0, ownCluster);

// Somebody's existing cluster: a control plane without Argo CD, SealedSecrets and nodes.
let location: ClusterLocation;
let kubeconfig: string;
let kube: Kube;
let before: string[];
beforeAll(async () => {
  location = createLocation();
  kubeconfig = kubeconfigFile(location);
  writeControlPlaneFiles(location);
  const supervisor = supervise(location);
  const { controlPlane: command } = await clusterPrograms();
  const { etcd, apiServer, managers } = controlPlane(location, command, { hasNode: false });
  for (const program of [etcd, apiServer, ...managers]) await supervisor.start(program);
  kube = await connect(kubeconfig);
  // Two objects that must stay, one of them of a kind that the tests install.
  await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "somebodys" } });
  await kube.apply(await crdOf("backendconfigs"));
  // By then every namespace has the objects that Kubernetes makes in it.
  before = await eventually(
    async () => {
      const all = await inventory();
      const count = (pattern: RegExp) => all.filter((each) => pattern.test(each)).length;
      const namespaces = count(/^Namespace /);
      const isComplete = [/^ServiceAccount .*\/default$/, /kube-root-ca.crt$/].every(
        (each) => count(each) === namespaces,
      );
      return isComplete ? all : undefined;
    },
    30,
    "a cluster at rest",
  );
  return () => supervisor.stop();
});

/** The CustomResourceDefinition of a kind, by its plural. */
const crdOf = async (kind: string): Promise<KubeObject> =>
  (await crdFiles())
    .map((file) => parse(readFileSync(file, "utf8")))
    .find(({ metadata }) => metadata.name.startsWith(`${kind}.`));

/** The objects of every kind that the tests make in a cluster, or cause there. */
async function inventory(): Promise<string[]> {
  const kinds = [
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
    ["rbac.authorization.k8s.io/v1", "ClusterRole"],
    ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding"],
    ["scheduling.k8s.io/v1", "PriorityClass"],
    ["v1", "Node"],
    ["v1", "Namespace"],
    ["v1", "PersistentVolume"],
    ["v1", "ConfigMap"],
    ["v1", "Secret"],
    ["v1", "Service"],
    ["v1", "ServiceAccount"],
    ["apps/v1", "StatefulSet"],
  ] as const;
  const lists = await Promise.all(kinds.map(([apiVersion, kind]) => kube.list(apiVersion, kind)));
  return lists
    .flat()
    .map(({ kind, metadata }) => `${kind} ${[metadata.namespace, metadata.name].filter(Boolean).join("/")}`)
    .sort();
}

/** The folder for temporary files of a run of tests. */
let temporary: string;
let child: ReturnType<typeof runTests> | undefined;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "existing-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
});

/** Starts a run of tests against the cluster. */
function start(args: string[]) {
  child = runTests(args, temporary, { TEST_KUBECONFIG: kubeconfig });
  return child;
}

describe("an existing cluster", () => {
  test("is tested except for what needs nodes, and is left as it was", async () => {
    const report = join(temporary, "report.json");
    const files = ["server.test", "sync.test", "seals.test", "waves.test"];
    // Enough tests to use each way into the cluster: the API, a push to Argo CD, the SealedSecrets controller.
    const names = "server-side|git push|no drift|what is live|seals for the running|all at once";
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile=${report}`];
    const [code] = await once(start([...files, "--testNamePattern", names, ...reporters]), "exit");
    expect(await inventory()).toEqual(before);
    const { testResults } = JSON.parse(readFileSync(report, "utf8"));
    const tests: { title: string; status: string; failureMessages: string[] }[] = testResults.flatMap(
      ({ assertionResults }: { assertionResults: object[] }) => assertionResults,
    );
    const titles = (of: string) => tests.filter(({ status }) => status === of).map(({ title }) => title);
    expect({ code, failures: tests.flatMap(({ failureMessages }) => failureMessages) }).toEqual({
      code: 0,
      failures: [],
    });
    expect(titles("passed")).toEqual(
      expect.arrayContaining([
        "a server-side apply takes every object as it is, without a warning",
        "git push triggers a sync at once",
        "no drift: twenty refreshes find everything in sync",
        "`pnpm seal` seals for the running controller, which opens exactly what was sealed",
      ]),
    );
    const others = tests.filter(({ status }) => status !== "passed").map(({ title }) => title);
    expect(others).toContainEqual(expect.stringMatching(/^all at once.* \(skipped: needs a cluster of our own/));
  });

  test("is left as it was even when the run is killed", async () => {
    const child = start(["sync.test"]);
    const set = { apiVersion: "apps/v1", kind: "StatefulSet", name: "mezo-node-0", namespace: "sync" };
    await eventually(() => kube.get(set), 60, "the network");
    child.kill("SIGKILL");
    await eventually(async () => expect(await inventory()).toEqual(before) ?? true, 60, "the cluster as it was");
    await eventually(() => readdirSync(temporary).length === 0, 10, "the removal of its folder");
  });
});

describe("TEST_KUBECONFIG is refused", () => {
  /** The cluster's own kubeconfig with a change. */
  function changed(from: string, to: string): string {
    const file = join(temporary, "kubeconfig");
    writeFileSync(file, readFileSync(kubeconfig, "utf8").replaceAll(from, to));
    return file;
  }
  const token = () => JSON.parse(readFileSync(kubeconfig, "utf8")).users[0].user.token;

  test.each<[string, () => string, RegExp]>([
    ["a missing file", () => "/no/such/file", /cannot be read: ENOENT/],
    ["a folder", () => temporary, /cannot be read: EISDIR/],
    [
      "a file that is not a kubeconfig",
      () => join(import.meta.dirname, "../../README.md"),
      /is not a kubeconfig with a current context$/,
    ],
    ["no current context", () => changed("current-context", "context"), /is not a kubeconfig with a current context$/],
    ["an API server that does not answer", () => changed(":6443", ":1"), /accepts these credentials: .*ECONNREFUSED/],
    ["an API server that refuses the credentials", () => changed(token(), "nobody"), /accepts these credentials: 401/],
  ])("with %s", async (_, file, message) => {
    const error = await checkExistingCluster(file()).catch((error: Error) => error.message);
    expect(error).toMatch(/^TEST_KUBECONFIG=\//);
    expect(error).toMatch(message);
    expect(error).not.toContain(token());
  });

  const argocd = { apiVersion: "v1", kind: "Namespace", metadata: { name: "argocd" } };
  test.each([
    ["Argo CD", /already has a namespace argocd/, () => argocd],
    [
      "another run",
      /another run of tests uses/,
      () => ({ ...argocd, metadata: { name: "argocd", labels: runLabels(location) } }),
    ],
    ["the SealedSecrets controller", /already has SealedSecrets/, () => crdOf("sealedsecrets")],
  ])("with a cluster that has %s, and nothing is changed in it", async (_, message, make) => {
    const object = await make();
    await kube.apply(object);
    await expect(checkExistingCluster(kubeconfig)).rejects.toThrow(message);
    const [code] = await once(start(["server.test"]), "exit");
    expect(code).toBe(1);
    await kube.delete(referenceTo(object));
    await eventually(async () => expect(await inventory()).toEqual(before) ?? true, 30, "the cluster as it was");
  });

  test("and it is accepted without any of that", () => checkExistingCluster(kubeconfig));
});
