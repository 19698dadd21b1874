import type { Service } from "kubernetes-types/core/v1.js";
import type { Ingress } from "kubernetes-types/networking/v1.js";
import { jsonRpcSelector, validatorsServe } from "../network/keyless.ts";
import { nodeLabels, rpcName } from "../network/names.ts";
import { inWave, lastWave } from "../network/rollout.ts";
import type { BaseNetwork, Network, PortName } from "../network/schema.ts";
import type { Files } from "../tree.ts";
import { kustomization, type Patch, removed } from "./kustomization.ts";
import { jsonRpcPolicy } from "./network-policies.ts";
import { servicePorts } from "./ports.ts";

type Gke = NonNullable<Network["gke"]>;

// A WebSocket lives at most as long as the backend's timeout: half an hour, as on the live network.
const webSocketSeconds = 1800;

// A request is answered within GKE's default for a backend, or it is given up.
const requestSeconds = 30;

/** base/<app>-rpc: one name for the JSON-RPC of all validators that are ready, or of those that a network has instead. */
export const jsonRpcBase = (network: BaseNetwork): Files => ({
  "kustomization.yaml": kustomization({ resources: ["service.yaml"] }),
  "service.yaml": service(network),
});

/** overlays/<network>/<app>-rpc: who may reach JSON-RPC, and on GKE the load balancers that make it public. */
export function jsonRpcOverlay(network: Network): Files {
  const { gke } = network;
  const objects: Files = {
    ...(validatorsServe(network) && { "networkpolicy.yaml": jsonRpcPolicy(network) }),
    ...(gke && loadBalancers(network, gke)),
  };
  const isPatched = gke || network.jsonRpcServedBy !== "validators";
  return {
    "kustomization.yaml": kustomization({
      resources: [`../../../base/${rpcName(network)}`, ...Object.keys(objects)],
      ...(isPatched && { patches: [{ path: "service.yaml" }] }),
    }),
    ...objects,
    ...(isPatched && { "service.yaml": ownService(network) }),
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
  "backendconfig.yaml": backendConfig(network, "", gke.jsonRpc, {
    connectionDraining: { drainingTimeoutSec: requestSeconds },
  }),
  "backendconfig-ws.yaml": backendConfig(network, "-ws", gke.jsonRpcWs, {
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

const ownService = (network: Network): Patch<Service> => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: {
    name: rpcName(network),
    ...(network.gke && {
      annotations: {
        "cloud.google.com/backend-config": JSON.stringify({
          ports: { "json-rpc": backendName(network, ""), "json-rpc-ws": backendName(network, "-ws") },
        }),
        // The endpoints are pods, so that a node that is not ready gets no requests.
        "cloud.google.com/neg": JSON.stringify({ ingress: true }),
      },
    }),
  },
  ...(network.jsonRpcServedBy !== "validators" && { spec: { selector: otherSelector(network) } }),
});

/** Other pods than those of base/: a label of theirs that the others do not have goes. */
const otherSelector = (network: Network): Record<string, string> => ({
  ...Object.fromEntries(Object.keys(nodeLabels(network)).map((label) => [label, removed])),
  ...jsonRpcSelector(network),
});

const backendConfig = (
  network: Network,
  suffix: string,
  { securityPolicy, logging }: Gke["jsonRpc"],
  spec: Record<string, unknown>,
) => ({
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
    ...(securityPolicy !== undefined && { securityPolicy: { name: securityPolicy } }),
    ...(logging !== undefined && { logging: logging > 0 ? { enable: true, sampleRate: logging } : { enable: false } }),
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
