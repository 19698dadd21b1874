import https from "node:https";
import { text } from "node:stream/consumers";
import { rpcName } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import { type Api, factOf, ifThere } from "../lib/cluster/api.ts";
import { askPod } from "../lib/cluster/port-forward.ts";
import type { JsonRpcFacts, PodFacts } from "./facts.ts";

const timeout = 10_000;
const body = { jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] };

/**
 * What JSON-RPC answers to everybody, at the address that the Ingress has. A network without a load balancer has no public
 * address that its description would name, so there a ready pod of the Service is asked.
 */
export async function collectJsonRpc(network: Network, api: Api, pods: readonly PodFacts[]): Promise<JsonRpcFacts> {
  if (network.gke) {
    const address = await factOf(addressOf(network, api));
    if ("unknown" in address) return { at: `Ingress ${rpcName(network)}`, isPublic: true, height: address };
    return { at: address.value, isPublic: true, height: await factOf(askPublic(address.value).then(heightIn)) };
  }
  const ready = pods.find(({ isReady, isGoing }) => isReady && !isGoing);
  if (!ready) return { at: `Service ${rpcName(network)}`, isPublic: false, height: { unknown: "no pod is ready" } };
  const port = { namespace: network.namespace, pod: ready.name, port: network.ports["json-rpc"] };
  const asking = askPod(api.config, port, { path: "/", body, timeout }).then(heightIn);
  return { at: ready.name, isPublic: false, height: await factOf(asking) };
}

async function addressOf(network: Network, { request }: Api): Promise<string> {
  const name = rpcName(network);
  const path = `/apis/networking.k8s.io/v1/namespaces/${network.namespace}/ingresses/${name}`;
  const ingress = await ifThere(request(path));
  if (!ingress) throw new Error(`there is no Ingress ${name}`);
  const [first] = ingress.status?.loadBalancer?.ingress ?? [];
  const address = first?.ip ?? first?.hostname;
  if (!address) throw new Error(`Ingress ${name} has no address yet`);
  return address;
}

/** The public answer. Nothing but the address is known, so whose name the certificate has is not looked at. */
function askPublic(address: string): Promise<string> {
  const options = {
    method: "POST",
    headers: { "content-type": "application/json" },
    rejectUnauthorized: false,
    signal: AbortSignal.timeout(timeout),
  };
  return new Promise((resolve, reject) => {
    https
      .request(`https://${address}/`, options, (response) => {
        if (response.statusCode === 200) text(response).then(resolve, reject);
        else reject(new Error(`it answers ${response.statusCode}`));
      })
      .on("error", reject)
      .end(JSON.stringify(body));
  });
}

function heightIn(answer: string): number {
  const { result, error } = JSON.parse(answer);
  if (error) throw new Error(error.message);
  return Number(result);
}
