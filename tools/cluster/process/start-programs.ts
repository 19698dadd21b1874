import { connect, type Kube } from "../kubernetes/client.ts";
import type { ClusterLocation } from "../location.ts";
import { startNode, startNodeNetwork } from "../node/node.ts";
import { argocd, argocdNamespace, argocdSettings, writeArgocdFiles } from "../parts/argocd.ts";
import { writeClientCommands } from "../parts/client-commands.ts";
import { controlPlane, writeControlPlaneFiles } from "../parts/control-plane.ts";
import { applyCrds } from "../parts/crds.ts";
import { kubeconfigFile } from "../parts/credentials.ts";
import { createSealedSecretsAccount, runLabels } from "../parts/existing-cluster.ts";
import { gitServer, makeRepository } from "../parts/git-repository.ts";
import { applySealedSecretsService, podRoute, sealedSecrets } from "../parts/sealed-secrets.ts";
import { tunnel } from "../parts/tunnel.ts";
import { type ClusterPrograms, clusterPrograms } from "../programs.ts";
import type { Program, StartProgram } from "./program.ts";

/** Starts all programs of a cluster, and returns a client of its API server once they are ready. */
export async function startPrograms(location: ClusterLocation, hasNode: boolean, start: StartProgram): Promise<Kube> {
  const programs = await clusterPrograms();
  writeArgocdFiles(location, programs);
  writeClientCommands(location, programs);
  makeRepository(location);
  const managers = location.kubeconfig ? [] : await startControlPlane(location, hasNode, programs, start);
  const kube = await connect(kubeconfigFile(location));
  console.error("cluster: starting Argo CD and the SealedSecrets controller");
  const others = Promise.all([...managers, gitServer(location)].map(start));
  others.catch(() => {});
  await applyObjects(kube, location);
  const argocdPrograms = await argocd(location, programs);
  await Promise.all([
    others,
    ...argocdPrograms.map(start),
    hasNode
      ? startNode(location, programs, kube, start)
      : startSealedSecrets(kube, location, programs.sealedSecrets, start),
  ]);
  return kube;
}

/** Starts etcd and the API server, and returns the control plane's other programs. */
async function startControlPlane(
  location: ClusterLocation,
  hasNode: boolean,
  programs: ClusterPrograms,
  start: StartProgram,
): Promise<Program[]> {
  console.error("cluster: starting etcd and Kubernetes' control plane");
  writeControlPlaneFiles(location);
  const { etcd, apiServer, managers } = controlPlane(location, programs.controlPlane, { hasNode });
  const network = hasNode ? startNodeNetwork(location, start) : tunnel(location.tunnel, podRoute(location));
  await Promise.all([network, start(etcd).then(() => start(apiServer))]);
  return managers;
}

async function applyObjects(kube: Kube, location: ClusterLocation): Promise<void> {
  const labels = runLabels(location);
  // The namespace first: of two runs in an existing cluster, only one can create it.
  await kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: argocdNamespace, labels } });
  await applyCrds(kube, labels);
  for (const object of argocdSettings) await kube.apply(object);
  if (location.kubeconfig) await createSealedSecretsAccount(kube, location);
}

/** Starts the SealedSecrets controller as a program; a real node runs it as a pod. */
async function startSealedSecrets(kube: Kube, location: ClusterLocation, controller: string, start: StartProgram) {
  await Promise.all([
    start(sealedSecrets(kube, location, controller)),
    // An existing cluster's API server has no way to a program here.
    location.kubeconfig ? undefined : applySealedSecretsService(kube),
  ]);
}
