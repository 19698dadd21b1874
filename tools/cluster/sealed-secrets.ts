import { argocdNamespace } from "./argocd.ts";
import { certificateFile, tokenFile } from "./control-plane.ts";
import { type Kube, referenceTo } from "./kube.ts";
import type { Place } from "./location.ts";
import type { Program } from "./supervisor.ts";
import { eventually } from "./wait.ts";

export const sealedSecretsNamespace = "kube-system";
export const sealedSecretsName = "sealed-secrets-controller";

// As a pod would have it; nothing on the machine has or needs it.
const podAddress = "10.97.0.1";
const port = 8082;

/** Where the controller's own API is. */
export const sealedSecretsUrl = ({ address }: Place) => `http://${address}:${port}`;

/** Where the tunnel leads that stands for the pod network: from a pod's address to the program's. */
export const podNetwork =
  ({ address }: Place) =>
  (asked: string) =>
    asked === `${podAddress}:${port}` ? { host: address, port } : undefined;

const metadata = { name: sealedSecretsName, namespace: sealedSecretsNamespace };
const ports = [{ name: "http", port }];

// The pod that the program would be in: the API server leads requests to pods alone. Nobody schedules or runs it.
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata,
  spec: { schedulerName: "none", containers: [{ name: "controller", image: "none" }] },
};
const address = { ip: podAddress, targetRef: { kind: "Pod", ...metadata } };

/** Makes the controller's Service lead to it. */
export async function announceSealedSecrets(kube: Kube): Promise<void> {
  await kube.apply({ apiVersion: "v1", kind: "Service", metadata, spec: { ports } });
  // A namespace takes pods once its service account exists.
  await eventually(() => kube.apply(pod), 30, `pod ${sealedSecretsName}`);
  const status = { phase: "Running", podIP: podAddress, podIPs: [{ ip: podAddress }] };
  await kube.patch(referenceTo(pod), { status }, "status");
  await kube.apply({ apiVersion: "v1", kind: "Endpoints", metadata, subsets: [{ addresses: [address], ports }] });
}

// The controller knows one place to read who it is, under /var/run: in a mount namespace that is a place of its own. The
// namespace is gone with the process. Inside, it asks again to die with its parent: entering a user namespace forgets it.
const script = `
set -eu
account=/var/run/secrets/kubernetes.io/serviceaccount
mount -t tmpfs tmpfs /var/run
mkdir -p $account
cp "$1" $account/token
cp "$2" $account/ca.crt
shift 2
exec setpriv --pdeathsig KILL "$@"
`;

/** The SealedSecrets controller, as it is released. Needs root, or user namespaces, for a mount namespace. */
export function sealedSecrets(kube: Kube, place: Place, controller: string): Program {
  const { address } = place;
  const apiServer = new URL(kube.config.getCurrentCluster()?.server ?? "");
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  const args = [`--listen-addr=${address}:${port}`, `--listen-metrics-addr=${address}:8086`];
  return {
    name: sealedSecretsName,
    command: "unshare",
    args: [
      ...asRoot,
      "--mount",
      "sh",
      "-c",
      script,
      "sh",
      tokenFile(place, "sealed-secrets-controller"),
      certificateFile(place),
      controller,
      ...args,
    ],
    env: {
      KUBERNETES_SERVICE_HOST: apiServer.hostname,
      KUBERNETES_SERVICE_PORT: apiServer.port || "443",
      // Its keys stay in there. In a cluster that is there already, that must not be one with keys of somebody.
      POD_NAMESPACE: place.kubeconfig ? argocdNamespace : sealedSecretsNamespace,
    },
    isReady: async () => (await fetch(`${sealedSecretsUrl(place)}/readyz`)).ok,
  };
}
