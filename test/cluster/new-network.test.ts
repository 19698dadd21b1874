import { readFileSync } from "node:fs";
import { loadSources } from "generators/load.ts";
import type { Kube } from "tools/cluster/kubernetes/client.ts";
import { expect, onTestFinished } from "vitest";
import { checkout, run } from "../support/checkout.ts";
import { applyPremiumClass, deploy, prepareNamespace } from "../support/cluster/deployment.ts";
import { test } from "../support/cluster/own-cluster.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";

const { cluster, kube } = await useCluster();

/** What Argo CD keeps of another cluster. Here it is this one once more, by its address and under a name. */
async function registerCluster(kube: Kube, name: string): Promise<void> {
  const { server, caFile = "" } = kube.config.getCurrentCluster() ?? {};
  const bearerToken = kube.config.getCurrentUser()?.token;
  const caData = readFileSync(caFile).toString("base64");
  const secret = {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: `cluster-${name}`, namespace: "argocd", labels: { "argocd.argoproj.io/secret-type": "cluster" } },
    stringData: { name, server, config: JSON.stringify({ bearerToken, tlsClientConfig: { caData } }) },
  };
  await kube.apply(secret);
  onTestFinished(() =>
    kube.delete({ apiVersion: "v1", kind: "Secret", name: secret.metadata.name, namespace: "argocd" }),
  );
}

const onGke = [
  ...["--gke-project", "acme-test-1", "--gke-cluster", "main", "--domain", "test.example.org"],
  ...["--image", "ghcr.io/acme/mezod:v0.2.0-rc3"],
];

// Stand-ins report nodes, pods, volumes and addresses: what is tried is that everything that the command wrote is accepted,
// scheduled and rolled out, gate by gate.
test.each<[kind: string, name: string, options: string[], destination: object]>([
  ["on any Kubernetes", "acme", [], { server: "https://kubernetes.default.svc" }],
  ["on GKE", "acme-gke", onGke, { server: "https://kubernetes.default.svc" }],
  ["in another cluster than Argo CD", "acme-away", ["--destination", "elsewhere"], { name: "elsewhere" }],
])("a new network %s runs", async (_kind, name, options, destination) => {
  if ("name" in destination) await registerCluster(kube, "elsewhere");
  await applyPremiumClass(kube);
  const root = checkout();
  const argocd = ["--repo-url", cluster.repoURL, "--revision", name];
  const ran = run(root, "new-network", name, "--chain-id", "acme_9001-1", ...argocd, ...options);
  expect(ran).toMatchObject({ code: 0, stderr: "" });
  const source = (await loadSources(root)).find(({ network }) => network.name === name);
  if (!source) throw new Error(`new-network wrote no network ${name}`);

  onTestFinished(await prepareNamespace(kube, cluster, source.network));
  const { app, push } = await deploy(kube, cluster, source);
  await app.synced(push(source));
  const { spec, status } = await app.healthy();
  expect(spec.destination).toMatchObject(destination);
  expect(status.conditions ?? []).toEqual([]);
  const sets = await kube.list("apps/v1", "StatefulSet", source.network.namespace);
  expect(sets.map(({ metadata, status }) => [metadata.name, status?.readyReplicas]).sort()).toEqual(
    [0, 1, 2, 3].map((index) => [`${name}-node-${index}`, 1]),
  );
});
