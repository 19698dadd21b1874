import type { Service } from "kubernetes-types/core/v1.js";
import type { Ingress } from "kubernetes-types/networking/v1.js";
import { nodeLabels, rpcName } from "../network/names.ts";
import { inWave, lastWave } from "../network/rollout.ts";
import type { BaseNetwork, Network, PortName } from "../network/schema.ts";
import type { Files } from "../tree.ts";
import { kustomization, type Patch } from "./kustomization.ts";
import { jsonRpcPolicy } from "./network-policies.ts";
import { servicePorts } from "./ports.ts";

type Gke = NonNullable<Network["gke"]>;

// A WebSocket lives at most as long as the backend's timeout: half an hour, as on the live network.
const webSocketSeconds = 1800;

// A request is answered within GKE's default for a backend, or it is given up.
const requestSeconds = 30;

/** base/<app>-rpc: one name for the JSON-RPC of all validators that are ready. */
export const jsonRpcBase = (network: BaseNetwork): Files => ({
  "kustomization.yaml": kustomization({ resources: ["service.yaml"] }),
  "service.yaml": service(network),
});

/** overlays/<network>/<app>-rpc: who may reach JSON-RPC, and on GKE the load balancers that make it public. */
export function jsonRpcOverlay(network: Network): Files {
  const { gke } = network;
  const objects: Files = { "networkpolicy.yaml": jsonRpcPolicy(network), ...(gke && loadBalancers(network, gke)) };
  return {
    "kustomization.yaml": kustomization({
      resources: [`../../../base/${rpcName(network)}`, ...Object.keys(objects)],
      ...(gke && { patches: [{ path: "service.yaml" }] }),
    }),
    ...objects,
    ...(gke && { "service.yaml": gkeService(network) }),
  };
}

const service = (network: BaseNetwork): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: rpcName(network), labels: { app: network.app, type: "rpc" } },
  spec: {
    selector: nodeLabels(network),
    ports: servicePorts(network, ["json-rpc", "json-rpc-ws"]),
  },
});

// Two Ingresses with a domain each, because GKE's can't rewrite a path to /, where the WebSocket answers.
const loadBalancers = (network: Network, gke: Gke): Files => ({
  "backendconfig.yaml": backendConfig(network, "", { connectionDraining: { drainingTimeoutSec: requestSeconds } }),
  "backendconfig-ws.yaml": backendConfig(network, "-ws", {
    timeoutSec: webSocketSeconds,
    connectionDraining: { drainingTimeoutSec: webSocketSeconds },
  }),
  "frontendconfig.yaml": {
    apiVersion: "networking.gke.io/v1beta1",
    kind: "FrontendConfig",
    metadata: { name: frontendName(network) },
    spec: { redirectToHttps: { enabled: true } },
  },
  "ingress.yaml": ingress(network, "", gke.jsonRpc, "json-rpc"),
  "ingress-ws.yaml": ingress(network, "-ws", gke.jsonRpcWs, "json-rpc-ws"),
});

const backendName = (network: Network, suffix: string) => `${rpcName(network)}${suffix}-backend-config`;
const frontendName = (network: Network) => `${rpcName(network)}-frontend-config`;

const gkeService = (network: Network): Patch<Service> => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: {
    name: rpcName(network),
    annotations: {
      "cloud.google.com/backend-config": JSON.stringify({
        ports: { "json-rpc": backendName(network, ""), "json-rpc-ws": backendName(network, "-ws") },
      }),
      // The endpoints are pods, so that a validator that is not ready gets no requests.
      "cloud.google.com/neg": JSON.stringify({ ingress: true }),
    },
  },
});

const backendConfig = (network: Network, suffix: string, spec: Record<string, unknown>) => ({
  apiVersion: "cloud.google.com/v1",
  kind: "BackendConfig",
  metadata: { name: backendName(network, suffix) },
  spec: {
    // JSON-RPC does not answer GET. CometBFT's /status does.
    healthCheck: {
      type: "HTTP",
      requestPath: "/status",
      port: network.ports.rpc,
      checkIntervalSec: 10,
      timeoutSec: 5,
    },
    ...spec,
  },
});

const ingress = (network: Network, suffix: string, endpoint: Gke["jsonRpc"], port: PortName): Ingress => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: {
    name: `${rpcName(network)}${suffix}`,
    annotations: {
      ...inWave(lastWave(network)),
      "kubernetes.io/ingress.global-static-ip-name": endpoint.address,
      "ingress.gcp.kubernetes.io/pre-shared-cert": endpoint.certificate,
      "networking.gke.io/v1beta1.FrontendConfig": frontendName(network),
    },
  },
  spec: { defaultBackend: { service: { name: rpcName(network), port: { number: network.ports[port] } } } },
});
