import { rpcName } from "generators/network/names.ts";
import type { Kube } from "../kube.ts";
import { local } from "../local.ts";
import type { Place } from "../location.ts";
import { dial, forward } from "../tunnel.ts";
import { eventually } from "../wait.ts";

const { namespace, ports } = local;

/** Where the network's public endpoints are, on the machine. */
export const jsonRpcUrls = ({ address }: Place) => ({
  http: `http://${address}:${ports["json-rpc"]}`,
  webSocket: `ws://${address}:${ports["json-rpc-ws"]}`,
});

/** Asks the public endpoint by a method without parameters; what it results in. Throws when it does not answer. */
export async function askJsonRpc(place: Place, method: string): Promise<string> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: [] });
  const headers = { "content-type": "application/json" };
  const answer = await fetch(jsonRpcUrls(place).http, {
    method: "POST",
    body,
    headers,
    signal: AbortSignal.timeout(5000),
  });
  return ((await answer.json()) as { result: string }).result;
}

/** The chain's height, as JSON-RPC says it. Throws when it does not answer. */
export const heightOf = async (place: Place): Promise<number> => Number(await askJsonRpc(place, "eth_blockNumber"));

/** Waits until the chain is at height 3. */
export const makesBlocks = (place: Place): Promise<unknown> =>
  eventually(async () => (await heightOf(place)) >= 3, 120, "height 3");

/** Leads the machine's ports for JSON-RPC to the network's Service: a load balancer's work. */
export function publishJsonRpc(place: Place, kube: Kube): void {
  const service = { apiVersion: "v1", kind: "Service", name: rpcName(local), namespace };
  for (const port of [ports["json-rpc"], ports["json-rpc-ws"]]) {
    const open = async () => dial(place.tunnel, `${(await kube.get(service)).spec.clusterIP}:${port}`);
    forward(open).listen(port, place.address);
  }
}
