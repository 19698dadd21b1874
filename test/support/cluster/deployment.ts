import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { priorityClassName } from "generators/components/priority.ts";
import { defineNetwork } from "generators/network/define.ts";
import { identityFiles, keyringFiles, keystoreName, sidecarSecret } from "generators/network/names.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { render, type Source } from "generators/render.ts";
import type { Tree } from "generators/tree.ts";
import type { Cluster } from "tools/cluster/cluster.ts";
import { type Application, application } from "tools/cluster/kubernetes/application.ts";
import type { Kube, KubeObject } from "tools/cluster/kubernetes/client.ts";
import { runLabels } from "tools/cluster/parts/existing-cluster.ts";
import { toolPath } from "tools/tool.ts";
import { parse, parseAllDocuments } from "yaml";
import { local } from "../networks.ts";
import { type Repository, repository } from "./repository.ts";

/** The network `local` with a name, namespace and branch of its own, so that tests do not interfere with each other. */
export const networkOf = (cluster: Cluster, name: string, change: Partial<NetworkInput> = {}): Network =>
  defineNetwork({
    ...(local as NetworkInput),
    name,
    namespace: name,
    argocd: { repoURL: cluster.repoURL, revision: name },
    ...change,
  });

/** The objects that `kustomize build` makes of an overlay. */
export async function build(root: string, overlay: string): Promise<KubeObject[]> {
  const text = execFileSync(await toolPath("kustomize"), ["build", join(root, "overlays", overlay)], {
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  return parseAllDocuments(text).map((document) => document.toJS());
}

/** Secrets with the names and keys of a network's own, whose content is no key. */
export const plainSecrets = (network: Network): KubeObject[] =>
  [
    ...network.validators.map((validator) => ({
      name: keystoreName(network, validator.index),
      keys: [...identityFiles, ...keyringFiles(network, validator)],
    })),
    { name: sidecarSecret.name, keys: [sidecarSecret.key] },
  ].map(({ name, keys }) => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name, namespace: network.namespace },
    stringData: Object.fromEntries(keys.map((key) => [key, "none"])),
  }));

/** The StorageClass that networks on GKE name, whose volumes the stand-ins for nodes bind. */
export const applyPremiumClass = (kube: Kube) =>
  kube.apply({
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name: "premium-rwo" },
    provisioner: "kubernetes.io/no-provisioner",
    volumeBindingMode: "WaitForFirstConsumer",
  });

/** A network that Argo CD deploys from the cluster's repository. */
export interface Deployed {
  app: Application;
  repository: Repository;
  /** Renders a network, pushes it, and returns the commit. */
  push: (source: Source, change?: (tree: Tree) => void) => string;
}

/** Applies the network's own AppProject and Application. Nothing is pushed yet. */
export async function deploy(kube: Kube, cluster: Cluster, source: Source): Promise<Deployed> {
  const { network } = source;
  const tree = render([source]);
  const branch = network.argocd?.revision ?? "";
  for (const kind of ["appproject", "application"]) {
    await kube.apply(parse(tree.get(`overlays/argocd/${network.name}-${kind}.yaml`) ?? ""), { manager: "operator" });
  }
  const clone = repository(cluster, branch);
  return {
    app: application(kube, `${network.app}-${network.name}`),
    repository: clone,
    push(source, change = () => {}) {
      const tree = render([source]);
      change(tree);
      return clone.push(tree);
    },
  };
}

/** Creates a namespace that is removed with the run of tests. Throws when one of that name exists. */
export const makeNamespace = (kube: Kube, cluster: Cluster, name: string) =>
  kube.create({ apiVersion: "v1", kind: "Namespace", metadata: { name, labels: runLabels(cluster) } });

/** Creates a network's namespace, with the Secrets that unsealing would create; the returned function removes it. */
export async function prepareNamespace(kube: Kube, cluster: Cluster, network: Network): Promise<() => Promise<void>> {
  const { namespace } = network;
  await makeNamespace(kube, cluster, namespace);
  for (const secret of plainSecrets(network)) await kube.apply(secret);
  return async () => {
    const name = `${network.app}-${network.name}`;
    await kube.delete({ apiVersion: "argoproj.io/v1alpha1", kind: "Application", name, namespace: "argocd" });
    await kube.delete({ apiVersion: "v1", kind: "Namespace", name: namespace });
    // Nothing else ever deletes it.
    await kube.delete({ apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass", name: priorityClassName(network) });
  };
}
