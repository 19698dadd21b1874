import { type Kube, referenceTo } from "../kubernetes/client.ts";
import type { ClusterLocation } from "../location.ts";
import type { Program } from "../process/program.ts";
import { eventually } from "../wait.ts";
import { argocdNamespace } from "./argocd.ts";
import { apiServerCertificate, tokenFile } from "./credentials.ts";

export const sealedSecretsNamespace = "kube-system";
export const sealedSecretsName = "sealed-secrets-controller";

// An address such as a pod's; nothing on the machine has or needs it.
const podAddress = "10.97.0.1";
const port = 8082;

/** Where the controller's own API is. */
export const sealedSecretsUrl = ({ address }: ClusterLocation) => `http://${address}:${port}`;

/** The route of a tunnel that stands in for the pod network: from the controller pod's address to the program. */
export const podRoute =
  ({ address }: ClusterLocation) =>
  (target: string) =>
    target === `${podAddress}:${port}` ? { host: address, port } : undefined;

const metadata = { name: sealedSecretsName, namespace: sealedSecretsNamespace };
const ports = [{ name: "http", port }];

// The API server proxies requests to pods only, so a pod stands for the program. Nobody schedules or runs it.
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata,
  spec: { schedulerName: "none", containers: [{ name: "controller", image: "none" }] },
};
const endpoint = { ip: podAddress, targetRef: { kind: "Pod", ...metadata } };

/** Makes the controller's Service lead to the program. */
export async function applySealedSecretsService(kube: Kube): Promise<void> {
  await kube.apply({ apiVersion: "v1", kind: "Service", metadata, spec: { ports } });
  // A namespace takes pods only once its service account exists.
  await eventually(() => kube.apply(pod), 30, `pod ${sealedSecretsName}`);
  const status = { phase: "Running", podIP: podAddress, podIPs: [{ ip: podAddress }] };
  await kube.patch(referenceTo(pod), { status }, "status");
  await kube.apply({ apiVersion: "v1", kind: "Endpoints", metadata, subsets: [{ addresses: [endpoint], ports }] });
}

// The controller reads its credentials at one fixed path below /var/run, which it gets in a mount namespace of its own. That
// is gone with the process. Entering a user namespace resets the parent-death signal, so setpriv sets it again inside.
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

/** The SealedSecrets controller, as it is released. Its mount namespace needs root, or user namespaces. */
export function sealedSecrets(kube: Kube, location: ClusterLocation, controller: string): Program {
  const { address } = location;
  const apiServer = new URL(kube.config.getCurrentCluster()?.server ?? "");
  const asRoot = process.getuid?.() === 0 ? [] : ["--user", "--map-root-user"];
  return {
    name: sealedSecretsName,
    command: "unshare",
    args: [
      ...asRoot,
      "--mount",
      ...["sh", "-c", script, "sh"],
      tokenFile(location, "sealed-secrets-controller"),
      apiServerCertificate(location),
      controller,
      `--listen-addr=${address}:${port}`,
      `--listen-metrics-addr=${address}:8086`,
    ],
    env: {
      KUBERNETES_SERVICE_HOST: apiServer.hostname,
      KUBERNETES_SERVICE_PORT: apiServer.port || "443",
      // Where it keeps its keys. An existing cluster's own kube-system may hold somebody else's.
      POD_NAMESPACE: location.kubeconfig ? argocdNamespace : sealedSecretsNamespace,
    },
    isReady: async () => (await fetch(`${sealedSecretsUrl(location)}/readyz`)).ok,
  };
}
