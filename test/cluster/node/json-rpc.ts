import { rpcName } from "generators/names.ts";
import local from "generators/networks/local.ts";
import type { Kube } from "../kube.ts";
import type { Place } from "../place.ts";
import { dial, forward } from "../tunnel.ts";

const { namespace, ports } = local;

/** Where the network's public endpoints are, on the machine. */
export const jsonRpcUrls = ({ address }: Place) => ({
  http: `http://${address}:${ports["json-rpc"]}`,
  webSocket: `ws://${address}:${ports["json-rpc-ws"]}`,
});

/** Leads the machine's ports for JSON-RPC to the network's Service: a load balancer's work. */
export function publishJsonRpc(place: Place, kube: Kube): void {
  const service = { apiVersion: "v1", kind: "Service", name: rpcName(local), namespace };
  for (const port of [ports["json-rpc"], ports["json-rpc-ws"]]) {
    const open = async () => dial(place.tunnel, `${(await kube.get(service)).spec.clusterIP}:${port}`);
    forward(open).listen(port, place.address);
  }
}
