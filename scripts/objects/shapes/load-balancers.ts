import { rpcName } from "generators/network/names.ts";
import { inWave, lastWave } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import { numberOf, type Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";

// How long a WebSocket lives at least has a rule of its own, which a network may be excused from.
const webSocket = numberOf("seconds");

/** On GKE: two Ingresses, the settings of their backends, and the redirect to HTTPS. */
export function loadBalancers(network: Network): Expected[] {
  const { gke } = network;
  if (!gke) return [];
  return [
    ingress(network, "", gke.jsonRpc, "json-rpc"),
    ingress(network, "-ws", gke.jsonRpcWs, "json-rpc-ws"),
    // Nothing that is under way is cut while its pod goes: no request takes longer.
    backend(network, "", gke.jsonRpc, { connectionDraining: { drainingTimeoutSec: 30 } }),
    backend(network, "-ws", gke.jsonRpcWs, {
      timeoutSec: webSocket,
      connectionDraining: { drainingTimeoutSec: webSocket },
    }),
    object(network, "networking.gke.io/v1beta1", "FrontendConfig", frontendName(network), {
      redirectToHttps: { enabled: true },
    }),
  ];
}

const frontendName = (network: Network) => `${rpcName(network)}-frontend-config`;

const ingress = (
  network: Network,
  suffix: string,
  { address, certificate }: NonNullable<Network["gke"]>["jsonRpc"],
  port: "json-rpc" | "json-rpc-ws",
): Expected =>
  object(
    network,
    "networking.k8s.io/v1",
    "Ingress",
    `${rpcName(network)}${suffix}`,
    { defaultBackend: { service: { name: rpcName(network), port: { number: network.ports[port] } } } },
    {
      ...inWave(lastWave(network)),
      "kubernetes.io/ingress.global-static-ip-name": address,
      "ingress.gcp.kubernetes.io/pre-shared-cert": certificate,
      "networking.gke.io/v1beta1.FrontendConfig": frontendName(network),
    },
  );

const backend = (
  network: Network,
  suffix: string,
  { logging, securityPolicy }: NonNullable<Network["gke"]>["jsonRpc"],
  more: { readonly [key: string]: Shape },
): Expected =>
  object(network, "cloud.google.com/v1", "BackendConfig", `${rpcName(network)}${suffix}-backend-config`, {
    // JSON-RPC does not answer GET; CometBFT's /status does.
    healthCheck: {
      type: "HTTP",
      requestPath: "/status",
      port: network.ports.rpc,
      checkIntervalSec: 10,
      timeoutSec: 5,
    },
    ...more,
    ...(securityPolicy !== undefined && { securityPolicy: { name: securityPolicy } }),
    ...(logging === 0 && { logging: { enable: false } }),
    ...(logging && { logging: { enable: true, sampleRate: logging } }),
  });

const object = (
  { namespace }: Network,
  apiVersion: string,
  kind: string,
  name: string,
  spec: Shape,
  annotations?: Shape,
): Expected => ({
  kind,
  name,
  shape: { apiVersion, kind, metadata: { name, namespace, ...(annotations !== undefined && { annotations }) }, spec },
});
