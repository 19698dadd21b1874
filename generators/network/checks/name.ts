import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";

/** overlays/argocd is Argo CD's own. */
function* reservedName({ name }: Network): Iterable<Problem> {
  if (name === "argocd") {
    yield { path: ["name"], value: name, message: "is reserved: overlays/argocd holds the Applications" };
  }
}

// "kube-" is reserved for Kubernetes, and these are what GKE brings: "Namespaces" in the documentation of Kubernetes,
// and GKE's of its managed components.
const ofTheSystem = /^(kube-|gke-|gmp-|argocd$)/;

/** Everything in such a namespace, its Secrets included, is the system's. */
function* systemNamespace({ namespace, argocd }: Network): Iterable<Problem> {
  if (!ofTheSystem.test(namespace) && namespace !== argocd?.namespace) return;
  const message = "is a namespace of the system; a network needs one where nothing else of the cluster is run";
  yield { path: ["namespace"], value: namespace, message };
}

export const nameChecks: Check[] = [reservedName, systemNamespace];
