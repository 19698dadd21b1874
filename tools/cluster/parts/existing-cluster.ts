// A cluster that exists already, such as kind's: tests use its control plane, and remove from it what they made.

import { readFileSync, writeFileSync } from "node:fs";
import { basename } from "node:path";
import { labelSelector } from "generators/label-selector.ts";
import { connect, type Kube, type KubeObject, referenceTo } from "../kubernetes/client.ts";
import type { ClusterLocation } from "../location.ts";
import { eventually } from "../wait.ts";
import { argocdNamespace } from "./argocd.ts";
import { apiServerCertificate, tokenFile } from "./credentials.ts";

// Its value is the run of tests that made the object.
const label = "mezo-staging/test-cluster";

/** The labels of a run's namespaces, and of all that it makes outside of these; the end of the run finds them by it. */
export const runLabels = ({ folder }: Pick<ClusterLocation, "folder">) => ({ [label]: basename(folder) });

/**
 * Checks that tests can and may use the cluster that a kubeconfig leads to: a second Argo CD or SealedSecrets controller
 * would interfere with the first one's objects.
 *
 * @throws {Error} with the reason why not.
 */
export async function checkExistingCluster(file: string): Promise<void> {
  const refusal = (why: string) => new Error(`TEST_KUBECONFIG=${file} ${why}`);
  try {
    readFileSync(file);
  } catch (error) {
    throw refusal(`cannot be read: ${(error as Error).message}`);
  }
  // The parser's own message would quote the file.
  const kube = await connect(file).catch(() => undefined);
  if (!kube?.config.getCurrentCluster()) throw refusal("is not a kubeconfig with a current context");
  await kube.request("GET", "/api").catch((error: Error) => {
    throw refusal(`leads to no API server that accepts these credentials: ${error.message}`);
  });
  const namespace = await kube.get({ apiVersion: "v1", kind: "Namespace", name: argocdNamespace });
  if (namespace?.metadata.labels?.[label]) {
    throw refusal(
      `leads to a cluster that another run of tests uses. If that run was killed: kubectl delete namespace,clusterrolebinding,crd -l ${label}`,
    );
  }
  if (namespace) throw refusal(`leads to a cluster that already has a namespace ${argocdNamespace}`);
  const crd = await kube.get({ ...crdKind, name: "sealedsecrets.bitnami.com" });
  if (crd) throw refusal("leads to a cluster that already has SealedSecrets");
}

const crdKind = { apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition" };
const bindingKind = { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding" };

/** Makes a service account for the SealedSecrets controller, and writes what the controller needs to use it. */
export async function createSealedSecretsAccount(kube: Kube, location: ClusterLocation): Promise<void> {
  const metadata = { name: "sealed-secrets-controller", namespace: argocdNamespace };
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata };
  await kube.apply(account);
  await kube.apply({
    ...bindingKind,
    metadata: { name: basename(location.folder).toLowerCase(), labels: runLabels(location) },
    // As in a cluster of our own.
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
  writeFileSync(tokenFile(location, "sealed-secrets-controller"), status.token, { mode: 0o600 });
  const { caData, caFile } = kube.config.getCurrentCluster() ?? {};
  writeFileSync(apiServerCertificate(location), caFile ? readFileSync(caFile) : Buffer.from(caData ?? "", "base64"));
}

const removedWithinSeconds = 150;

// On every object that Argo CD deploys.
const trackingAnnotation = "argocd.argoproj.io/tracking-id";

/** Removes everything that a run made in a cluster, and waits until it is gone. */
export async function removeRun(kube: Kube, location: ClusterLocation): Promise<void> {
  const selector = labelSelector(runLabels(location));
  const made = async (apiVersion: string, kind: string): Promise<KubeObject[]> =>
    kube.list(apiVersion, kind, undefined, selector);
  const isOurs = (await made("v1", "Namespace")).some(({ metadata }) => metadata.name === argocdNamespace);
  // Argo CD has ended, so nobody would do what a finalizer waits for.
  for (const app of isOurs ? await kube.list("argoproj.io/v1alpha1", "Application", argocdNamespace) : []) {
    await kube.patch(referenceTo(app), { metadata: { finalizers: null } });
  }
  // Argo CD made them, and nobody else's Argo CD is here.
  for (const object of isOurs ? await kube.list("scheduling.k8s.io/v1", "PriorityClass") : []) {
    if (object.metadata.annotations?.[trackingAnnotation]) await kube.delete(referenceTo(object));
  }
  // Namespaces before CustomResourceDefinitions, because the objects of custom kinds go with their namespace.
  for (const [apiVersion, kind] of [
    [bindingKind.apiVersion, bindingKind.kind],
    ["v1", "Namespace"],
    [crdKind.apiVersion, crdKind.kind],
  ] as const) {
    for (const object of await made(apiVersion, kind)) await kube.delete(referenceTo(object));
    const areGone = async () => (await made(apiVersion, kind)).length === 0;
    await eventually(areGone, removedWithinSeconds, `the removal of every ${kind}`);
  }
}
