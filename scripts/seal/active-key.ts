import { X509Certificate } from "node:crypto";
import type { KubeConfig, V1Secret } from "@kubernetes/client-node";
import { client } from "../lib/cluster/client.ts";

/** The Secret of one of the controller's keys, and the certificate in it. */
export interface ActiveKey {
  secret: string;
  certificate: string;
}

const label = "sealedsecrets.bitnami.com/sealed-secrets-key=active";

/**
 * The newest of the keys that the controller keeps in a namespace, for whose certificate it wants everything to be sealed.
 * As in the controller, the later beginning of a certificate makes a key the newer one.
 *
 * @throws {Error} when there is none, or the API server does not show them.
 */
export async function newestActiveKey(config: KubeConfig, namespace: string): Promise<ActiveKey> {
  const { CoreV1Api } = await client();
  const { items } = await config.makeApiClient(CoreV1Api).listNamespacedSecret({ namespace, labelSelector: label });
  const [newest] = items.flatMap(keyIn).sort((one, other) => other.begins - one.begins);
  if (!newest) throw new Error(`namespace ${namespace} has no Secret with the label ${label}`);
  return newest;
}

/** Of the Secret, only the certificate is kept: the private key beside it is nobody's business here. */
function keyIn({ metadata, data }: V1Secret): (ActiveKey & { begins: number })[] {
  const certificate = Buffer.from(data?.["tls.crt"] ?? "", "base64").toString();
  try {
    const begins = new X509Certificate(certificate).validFromDate.getTime();
    return [{ secret: metadata?.name ?? "", certificate, begins }];
  } catch {
    return [];
  }
}
