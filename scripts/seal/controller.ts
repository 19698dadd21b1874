import http from "node:http";
import https from "node:https";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";
import type { Network } from "generators/network/schema.ts";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import { confirm } from "../lib/prompt.ts";

// Loaded only when a cluster is asked: it takes longer to load than everything else.
const client = () => import("@kubernetes/client-node");

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

/**
 * The kubeconfig, once its current context is known to be that of the network's cluster: what is sealed for the
 * certificate of another cluster would open there alone.
 *
 * @param named the context that the caller expects.
 * @throws {OperatorError} when it is another one, or nothing proves that its server is the one it claims to be.
 */
export async function networkCluster(network: Network, named: string | undefined): Promise<KubeConfig> {
  const { KubeConfig } = await client();
  const config = new KubeConfig();
  config.loadFromDefault();
  const name = config.getCurrentContext();
  const context = config.getContextObject(name);
  const cluster = config.getCurrentCluster();
  // The library invents this context where there is no kubeconfig.
  const isInvented = name === "loaded-context";
  if (!context || !cluster || isInvented) {
    throw new OperatorError("kubectl has no current context: get the cluster's credentials first");
  }
  if (named !== undefined && named !== name) {
    throw new OperatorError(`the current context is ${name}, not ${named}: run kubectl config use-context ${named}`);
  }
  const { protocol, hostname } = new URL(cluster.server);
  const isLoopback = ["127.0.0.1", "[::1]", "localhost"].includes(hostname);
  if (cluster.skipTLSVerify || (protocol !== "https:" && !isLoopback)) {
    throw new OperatorError(
      `context ${name} does not verify who answers at ${cluster.server}, and a forged certificate would give the keys away: use --cert with a file that you trust`,
    );
  }
  const { gke } = network;
  const expected = gke && `gke_${gke.project}_${gke.region}_${gke.cluster}`;
  if (expected && context.cluster !== expected) {
    throw new OperatorError(
      `the current context ${name} is for cluster ${context.cluster}, but ${network.name} runs on ${expected}: run gcloud container clusters get-credentials ${gke.cluster} --region ${gke.region} --project ${gke.project}`,
    );
  }
  if (!expected && named === undefined) await confirmCluster(network, name, cluster.server);
  return config;
}

async function confirmCluster({ name }: Network, context: string, server: string): Promise<void> {
  const isRight = await confirm(
    `Is context ${context} (${server}) the cluster of ${name}?`,
    `pass --context ${context} if ${name} runs on the cluster of that context`,
  );
  if (!isRight) throw new OperatorError("nothing was sealed");
}

/**
 * The certificate of a running SealedSecrets controller, through the API server's proxy, as kubeseal asks for it.
 *
 * @throws {OperatorError} when the controller does not answer with one.
 */
export async function fetchCertificate(config: KubeConfig, { namespace, name }: Controller): Promise<string> {
  const failed = (why: string) => new OperatorError(`no certificate from controller ${namespace}/${name}: ${why}`);
  try {
    const { CoreV1Api } = await client();
    const { spec } = await config.makeApiClient(CoreV1Api).readNamespacedService({ name, namespace });
    const service = `http:${name}:${spec?.ports?.[0]?.name ?? ""}`;
    const path = `/api/v1/namespaces/${namespace}/services/${encodeURIComponent(service)}/proxy/v1/cert.pem`;
    const { status, body } = await get(config, path);
    if (status !== 200) throw failed(`the API server answers ${status}`);
    return body;
  } catch (error) {
    if (error instanceof OperatorError) throw error;
    const { code, message } = error as { code?: number | string; message: string };
    if (code === 404) throw failed("there is no such Service in the cluster");
    throw failed(typeof code === "number" ? `the API server answers ${code}` : message);
  }
}

/** A plain GET, because the API client refuses an answer that is neither JSON nor text. */
async function get(config: KubeConfig, path: string) {
  const url = new URL(`${config.getCurrentCluster()?.server}${path}`);
  const options: https.RequestOptions = { headers: { accept: "application/x-pem-file, */*" } };
  await config.applyToHTTPSOptions(options);
  return await new Promise<{ status: number; body: string }>((resolve, reject) => {
    (url.protocol === "https:" ? https : http)
      .get(url, { ...options, signal: AbortSignal.timeout(30_000) }, (response) => {
        text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
      })
      .on("error", reject);
  });
}
