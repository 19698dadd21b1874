import { rpcName } from "generators/network/names.ts";
import type { Kube } from "../kubernetes/client.ts";
import type { ClusterLocation } from "../location.ts";
import { networkOn } from "../network/local.ts";
import { dial, forward } from "../parts/tunnel.ts";
import { eventually } from "../wait.ts";

/** Where the network's public endpoints are on this machine. */
export function jsonRpcUrls(location: ClusterLocation) {
  const { ports } = networkOn(location);
  return {
    http: `http://${location.address}:${ports["json-rpc"]}`,
    webSocket: `ws://${location.address}:${ports["json-rpc-ws"]}`,
  };
}

/** The result of a JSON-RPC method without parameters. Throws when the public endpoint does not answer. */
export async function askJsonRpc(location: ClusterLocation, method: string): Promise<string> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [] });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(jsonRpcUrls(location).http, {
    method: "POST",
    body,
    headers,
    signal: AbortSignal.timeout(5000),
  });
  return ((await answer.json()) as { result: string }).result;
}

/** The chain's height. Throws when JSON-RPC does not answer. */
export const heightOf = async (location: ClusterLocation): Promise<number> =>
  Number(await askJsonRpc(location, "eth_blockNumber"));

/** Waits until the chain is at height 3. */
export const chainMakesBlocks = (location: ClusterLocation): Promise<unknown> =>
  eventually(async () => (await heightOf(location)) >= 3, 120, "height 3");

/** Does a load balancer's work: leads this machine's ports for JSON-RPC to the network's Service. */
export function publishJsonRpc(location: ClusterLocation, kube: Kube): void {
  const network = networkOn(location);
  const { namespace, ports } = network;
  const service = { apiVersion: "v1", kind: "Service", name: rpcName(network), namespace };
  for (const port of [ports["json-rpc"], ports["json-rpc-ws"]]) {
    const open = async () => dial(location.tunnel, `${(await kube.get(service)).spec.clusterIP}:${port}`);
    forward(open).listen(port, location.address);
  }
}
