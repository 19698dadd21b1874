import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { argocdNamespace } from "./argocd.ts";
import { certificateFile, tokenFile } from "./control-plane.ts";
import { connect, type Kube, type KubeObject, referenceTo } from "./kube.ts";
import type { Place } from "./location.ts";
import { eventually } from "./wait.ts";

// What a run of tests made, by which its end finds it again; the value is the run.
const label = "mezo-staging/test-cluster";

/** The labels of what a run makes outside of its own namespaces, and of these. */
export const labels = ({ folder }: Pick<Place, "folder">) => ({ [label]: basename(folder) });

/**
 * Throws why tests can't use, or must not use, the cluster that a kubeconfig leads to: two of Argo CD, or of the
 * SealedSecrets controller, would meddle with each other's objects.
 */
export async function checkExisting(file: string): Promise<void> {
  const refused = (why: string) => new Error(`TEST_KUBECONFIG=${file} ${why}`);
  try {
    readFileSync(file);
  } catch (error) {
    throw refused(`can't be read: ${(error as Error).message}`);
  }
  // What a parser says of it would quote it.
  const kube = await connect(file).catch(() => undefined);
  if (!kube?.config.getCurrentCluster()) throw refused("is no kubeconfig with a current context");
  await kube.request("GET", "/api").catch((error: Error) => {
    throw refused(`leads to no API server that serves us: ${error.message}`);
  });
  const namespace = await kube.get({ apiVersion: "v1", kind: "Namespace", name: argocdNamespace });
  if (namespace?.metadata.labels?.[label]) {
    throw refused(
      `leads to a cluster with another run. If that was killed: kubectl delete namespace,clusterrolebinding,crd -l ${label}`,
    );
  }
  if (namespace) throw refused(`leads to a cluster that has a namespace ${argocdNamespace} already`);
  const name = "sealedsecrets.bitnami.com";
  const crd = await kube.get({ ...crdKind, name });
  if (crd) throw refused("leads to a cluster that has SealedSecrets already");
}

const crdKind = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
const bindingKind = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding" };

/** Makes an account for the SealedSecrets controller, and writes what it needs to speak to the API server. */
export async function admitSealedSecrets(kube: Kube, place: Place): Promise<void> {
  const metadata = { name: "sealed-secrets-controller", namespace: argocdNamespace };
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata };
  await kube.apply(account);
  await kube.apply({
    ...bindingKind,
    metadata: { name: basename(place.folder).toLowerCase(), labels: labels(place) },
    // As on a cluster of our own.
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "cluster-admin" },
    subjects: [{ kind: "ServiceAccount", ...metadata }],
  });
  const { status } = await kube.request(
    "POST",
    `/api/v1/namespaces/${argocdNamespace}/serviceaccounts/${metadata.name}/token`,
    {
      body: { apiVersion: "authentication.k8s.io/v1", kind: "TokenRequest", spec: { expirationSeconds: 12 * 60 * 60 } },
      type: "application/json",
    },
  );
  writeFileSync(tokenFile(place, "sealed-secrets-controller"), status.token, { mode: 0o600 });
  const { caData, caFile } = kube.config.getCurrentCluster() ?? {};
  writeFileSync(certificateFile(place), caFile ? readFileSync(caFile) : Buffer.from(caData ?? "", "base64"));
}

const leftWithin = 150;

/** Removes all that a run made in a cluster, and waits until it is gone. */
export async function leave(kube: Kube, place: Place): Promise<void> {
  const selector = Object.entries(labels(place))
    .map((label) => label.join("="))
    .join();
  const made = async (apiVersion: string, kind: string): Promise<KubeObject[]> =>
    kube.list(apiVersion, kind, undefined, selector);
  const isOurs = (await made("v1", "Namespace")).some(({ metadata }) => metadata.name === argocdNamespace);
  // Nobody is left who does what a finalizer waits for.
  for (const app of isOurs ? await kube.list("argoproj.io/v1alpha1", "Application", argocdNamespace) : []) {
    await kube.patch(referenceTo(app), { metadata: { finalizers: null } });
  }
  // In this order: a namespace takes objects of custom kinds with it.
  for (const [apiVersion, kind] of [
    [bindingKind.apiVersion, bindingKind.kind],
    ["v1", "Namespace"],
    [crdKind.apiVersion, crdKind.kind],
  ] as const) {
    for (const object of await made(apiVersion, kind)) await kube.delete(referenceTo(object));
    await eventually(async () => (await made(apiVersion, kind)).length === 0, leftWithin, `the end of each ${kind}`);
  }
}
