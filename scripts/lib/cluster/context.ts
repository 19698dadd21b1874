import type { KubeConfig } from "@kubernetes/client-node";
import type { Network } from "generators/network/schema.ts";
import { OperatorError } from "generators/operator-error.ts";
import { confirm } from "../prompt.ts";
import { client } from "./client.ts";

/** What a command says where a context won't do. */
export interface ContextWords {
  /** Why it must be known who answers, and what to do instead. */
  unverified: string;
  /** What the command did not do once a person has said no. */
  refused: string;
}

/**
 * The kubeconfig, once its current context is known to be that of the network's cluster.
 *
 * @param named the context that the caller expects.
 * @throws {OperatorError} when it is another one, or nothing proves that its server is the one it claims to be.
 */
export async function networkCluster(
  network: Network,
  named: string | undefined,
  words: ContextWords,
): Promise<KubeConfig> {
  const config = await loadConfig();
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
      `context ${name} does not verify who answers at ${cluster.server}, and ${words.unverified}`,
    );
  }
  const { gke } = network;
  const expected = gke && `gke_${gke.project}_${gke.region}_${gke.cluster}`;
  if (expected && context.cluster !== expected) {
    throw new OperatorError(
      `the current context ${name} is for cluster ${context.cluster}, but ${network.name} runs on ${expected}: run gcloud container clusters get-credentials ${gke.cluster} --region ${gke.region} --project ${gke.project}`,
    );
  }
  if (!expected && named === undefined) await confirmCluster(network, name, cluster.server, words);
  return config;
}

async function loadConfig(): Promise<KubeConfig> {
  const { KubeConfig } = await client();
  const config = new KubeConfig();
  try {
    config.loadFromDefault();
  } catch (error) {
    const [reason] = (error as Error).message.split("\n");
    throw new OperatorError(`the kubeconfig can't be read: ${reason}`);
  }
  return config;
}

async function confirmCluster(
  { name }: Network,
  context: string,
  server: string,
  { refused }: ContextWords,
): Promise<void> {
  const isRight = await confirm(
    `Is context ${context} (${server}) the cluster of ${name}?`,
    `pass --context ${context} if ${name} runs on the cluster of that context`,
  );
  if (!isRight) throw new OperatorError(refused);
}
