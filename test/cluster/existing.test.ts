import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlPlane, kubeconfigFile, writeControlPlaneFiles } from "tools/cluster/control-plane.ts";
import { checkExisting, labels } from "tools/cluster/existing-cluster.ts";
import { connect, type Kube, type KubeObject, referenceTo } from "tools/cluster/kube.ts";
import { makePlace, type Place } from "tools/cluster/location.ts";
import { clusterPrograms } from "tools/cluster/programs.ts";
import { supervise } from "tools/cluster/supervisor.ts";
import { eventually } from "tools/cluster/wait.ts";
import { crdFiles } from "tools/schemas.ts";
import { afterEach, beforeAll, beforeEach, expect } from "vitest";
import { parse } from "yaml";
import { describe, test } from "../support/cluster/own-cluster.ts";
import { runTests } from "../support/cluster/run-tests.ts";

// Somebody's cluster: a control plane, without Argo CD and SealedSecrets, and without what stands in for nodes.
let place: Place;
let kubeconfig: string;
let kube: Kube;
let before: string[];
beforeAll(async () => {
  place = makePlace();
  kubeconfig = kubeconfigFile(place);
  writeControlPlaneFiles(place);
  const programs = supervise(place.folder);
  const { controlPlane: command } = await clusterPrograms();
  for (const program of controlPlane(place, command, false)) await programs.start(program);
  kube = await connect(kubeconfig);
  // Two things that are somebody's, one of them such as the tests would bring.
  await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: "somebodys" } });
  await kube.apply(await crdOf("backendconfigs"));
  // What each namespace gets, it has.
  before = await eventually(
    async () => {
      const all = await inventory();
      const count = (what: RegExp) => all.filter((each) => what.test(each)).length;
      const each = count(/^Namespace /);
      return count(/^ServiceAccount .*\/default$/) === each && count(/kube-root-ca.crt$/) === each ? all : undefined;
    },
    30,
    "a cluster at rest",
  );
  return () => programs.stop();
});

/** The CustomResourceDefinition of a kind, by its plural. */
const crdOf = async (kind: string): Promise<KubeObject> =>
  (await crdFiles())
    .map((file) => parse(readFileSync(file, "utf8")))
    .find(({ metadata }) => metadata.name.startsWith(`${kind}.`));

/** All that the tests make in a cluster, or that follows from it. */
async function inventory(): Promise<string[]> {
  const kinds = [
    ["apiextensions.k8s.io/v1", "CustomResourceDefinition"],
    ["rbac.authorization.k8s.io/v1", "ClusterRole"],
    ["rbac.authorization.k8s.io/v1", "ClusterRoleBinding"],
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

/** Where a run of the tests has its temporary files. */
let temporary: string;
let child: ReturnType<typeof runTests> | undefined;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "existing-"));
});
afterEach(() => {
  child?.kill("SIGKILL");
});

/** Runs tests against the cluster. */
function start(args: string[]) {
  child = runTests(args, temporary, { TEST_KUBECONFIG: kubeconfig });
  return child;
}

describe("a cluster that is there already", () => {
  test("is tested as far as no node is needed, and is afterwards what it was", async () => {
    const report = join(temporary, "report.json");
    const files = ["server.test", "sync.test", "seals.test", "waves.test"];
    // As many as show each way to the cluster: the API, a push to Argo CD, the SealedSecrets controller.
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

  test("is what it was after the run was killed, too", async () => {
    const child = start(["sync.test"]);
    const set = { apiVersion: "apps/v1", kind: "StatefulSet", name: "mezo-node-0", namespace: "sync" };
    await eventually(() => kube.get(set), 60, "the network");
    child.kill("SIGKILL");
    await eventually(async () => expect(await inventory()).toEqual(before) ?? true, 60, "the cluster as it was");
    await eventually(() => readdirSync(temporary).length === 0, 10, "the end of its folder");
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
    ["no file", () => "/no/such/file", /can't be read: ENOENT/],
    ["a folder", () => temporary, /can't be read: EISDIR/],
    ["no kubeconfig", () => join(import.meta.dirname, "../../README.md"), /is no kubeconfig with a current context$/],
    ["no current context", () => changed("current-context", "context"), /is no kubeconfig with a current context$/],
    ["an API server that does not answer", () => changed(":6443", ":1"), /serves us: .*ECONNREFUSED/],
    ["an API server that does not know us", () => changed(token(), "nobody"), /serves us: 401/],
  ])("with %s", async (_, file, message) => {
    const error = await checkExisting(file()).catch((error: Error) => error.message);
    expect(error).toMatch(/^TEST_KUBECONFIG=\//);
    expect(error).toMatch(message);
    expect(error).not.toContain(token());
  });

  const argocd = { apiVersion: "v1", kind: "Namespace", metadata: { name: "argocd" } };
  test.each([
    ["Argo CD", /has a namespace argocd already/, () => argocd],
    ["another run", /with another run/, () => ({ ...argocd, metadata: { name: "argocd", labels: labels(place) } })],
    ["the SealedSecrets controller", /has SealedSecrets already/, () => crdOf("sealedsecrets")],
  ])("with a cluster that has %s, and nothing is made in it", async (_, message, make) => {
    const object = await make();
    await kube.apply(object);
    await expect(checkExisting(kubeconfig)).rejects.toThrow(message);
    const [code] = await once(start(["server.test"]), "exit");
    expect(code).toBe(1);
    await kube.delete(referenceTo(object));
    await eventually(async () => expect(await inventory()).toEqual(before) ?? true, 30, "the cluster as it was");
  });

  test("and with none of that it is not", () => checkExisting(kubeconfig));
});
