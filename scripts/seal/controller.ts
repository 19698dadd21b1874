import type { KubeConfig, V1Service } from "@kubernetes/client-node";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import { client } from "../lib/cluster/client.ts";
import type { ContextWords } from "../lib/cluster/context.ts";
import { getFromPod, type PodPort } from "../lib/cluster/port-forward.ts";
import { newestActiveKey } from "./active-key.ts";

/** Where the SealedSecrets controller's Service is. */
export interface Controller {
  namespace: string;
  name: string;
}

/**
 * The controller that a text such as `kube-system/sealed-secrets-controller` names.
 *
 * @throws {UsageError} when the text has another form.
 */
export function parseController(text: string): Controller {
  const [, namespace, name] = /^([a-z0-9][-a-z0-9]*)\/([a-z0-9][-a-z0-9]*)$/.exec(text) ?? [];
  if (namespace && name) return { namespace, name };
  throw new UsageError("--controller must be <namespace>/<name>, such as kube-system/sealed-secrets-controller");
}

/** What `networkCluster` says here: what is sealed for the certificate of another cluster would open there alone. */
export const sealingWords: ContextWords = {
  unverified: "a forged certificate would give the keys away: use --cert with a file that you trust",
  refused: "nothing was sealed",
};

/** A controller's certificate, and what whoever asked for it should know of the way that it came. */
export interface FetchedCertificate {
  pem: string;
  warning?: string;
}

/**
 * The certificate of a running SealedSecrets controller: from the controller itself, by a forwarded port, or else from the
 * Secret of the newest key that it keeps.
 *
 * @throws {OperatorError} when there is no such controller, or neither way leads to a certificate.
 */
export async function fetchCertificate(config: KubeConfig, controller: Controller): Promise<FetchedCertificate> {
  const { namespace, name } = controller;
  const failed = (why: string) => new OperatorError(`no certificate from controller ${namespace}/${name}: ${why}`);
  const service = await serviceOf(config, controller).catch((error) => {
    throw failed(error.code === 404 ? "there is no such Service in the cluster" : reasonOf(error));
  });
  let unreached: string;
  try {
    return { pem: await getFromPod(config, await podPortOf(config, controller, service), "/v1/cert.pem") };
  } catch (error) {
    unreached = `no port of it can be forwarded (${reasonOf(error)})`;
  }
  const permission = `permission to list the Secrets of ${namespace}, which hold the keys that open all that is sealed`;
  try {
    const { secret, certificate } = await newestActiveKey(config, namespace);
    const warning = `controller ${namespace}/${name}: ${unreached}; its certificate is that of Secret ${secret}. That takes ${permission}: better give whoever seals the permission to forward ports of its pod, or a file for --cert`;
    return { pem: certificate, warning };
  } catch (error) {
    throw failed(
      `${unreached}, and its newest key is not to be read (${reasonOf(error)}): that would take ${permission}; use --cert with a file that you trust`,
    );
  }
}

async function serviceOf(config: KubeConfig, { namespace, name }: Controller): Promise<V1Service> {
  const { CoreV1Api } = await client();
  return config.makeApiClient(CoreV1Api).readNamespacedService({ name, namespace });
}

/** The port of a ready pod that a Service leads to. */
async function podPortOf(config: KubeConfig, { namespace }: Controller, { spec }: V1Service): Promise<PodPort> {
  const { CoreV1Api } = await client();
  const selector = Object.entries(spec?.selector ?? {}).map(([key, value]) => `${key}=${value}`);
  const [port] = spec?.ports ?? [];
  if (selector.length === 0 || !port) throw new Error("its Service selects no pods");
  const { items } = await config
    .makeApiClient(CoreV1Api)
    .listNamespacedPod({ namespace, labelSelector: selector.join(",") });
  const pod = items.find(({ status }) =>
    status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True"),
  );
  if (!pod) throw new Error("none of its pods is ready");
  const target = port.targetPort ?? port.port;
  const ports = pod.spec?.containers.flatMap(({ ports = [] }) => ports) ?? [];
  const number = typeof target === "number" ? target : ports.find(({ name }) => name === target)?.containerPort;
  if (number === undefined) throw new Error(`its pod has no port ${target}`);
  return { namespace, pod: pod.metadata?.name ?? "", port: number };
}

/** What went wrong, in one line: the API client's own message holds the whole answer. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: number | string; message: string };
  return typeof code === "number" ? `the API server answers ${code}` : message;
}
