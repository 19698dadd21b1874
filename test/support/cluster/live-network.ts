import type { KubeObject } from "tools/cluster/kubernetes/client.ts";

const image = "us-central1-docker.pkg.dev/mezo-test-420708/mezo-staging-docker-internal/mezo-node:latest";
const home = "/mnt/.mezod";
const ports = { p2p: 26656, rpc: 26657, api: 1317, grpc: 9090, "json-rpc": 8545, "json-rpc-ws": 8546 };
const files = (names: string[]) => names.map((key) => ({ key, path: key }));

/**
 * The network as `kubectl apply` once created it, before this repository existed. Names, selectors and volume claims are
 * those of staging; much of the rest differs from what is rendered now.
 */
export function liveNetwork(namespace: string): KubeObject[] {
  const indexes = [0, 1, 2, 3, 4];
  const objects = [
    configMap("mezo-node-config", { "app.toml": "", "client.toml": "", "config.toml": "" }),
    configMap("mezo-genesis-config", { "genesis.json": "{}" }),
    ...indexes.flatMap((index) => [statefulSet(index), nodeService(index)]),
    sidecar(),
    service("ethereum-sidecar", "ethereum-sidecar", { server: 7500 }),
    service(
      "mezo-rpc",
      "node",
      { "json-rpc": ports["json-rpc"], "json-rpc-ws": ports["json-rpc-ws"] },
      {
        "cloud.google.com/backend-config": JSON.stringify({
          ports: { "json-rpc": "mezo-rpc-backend-config", "json-rpc-ws": "mezo-rpc-ws-backend-config" },
        }),
      },
    ),
    backendConfig("mezo-rpc-backend-config", {}),
    backendConfig("mezo-rpc-ws-backend-config", { timeoutSec: 1800, connectionDraining: { drainingTimeoutSec: 1800 } }),
    ingress("mezo-rpc", "mezo-staging-rpc", ports["json-rpc"]),
    ingress("mezo-rpc-ws", "mezo-staging-rpc-ws", ports["json-rpc-ws"]),
  ];
  return objects.map((object) => ({ ...object, metadata: { ...object.metadata, namespace } }));
}

const configMap = (name: string, data: object) => ({ apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data });

const labelsOf = (index: number) => ({ app: "mezo", type: "node", id: String(index) });

function statefulSet(index: number): KubeObject {
  const name = `mezo-node-${index}`;
  const labels = labelsOf(index);
  const data = { name: "mezo-node-data", mountPath: `${home}/data` };
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, labels },
    spec: {
      replicas: 1,
      serviceName: name,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          initContainers: [
            {
              name: "init-state",
              image,
              command: [
                "sh",
                "-c",
                `[ -f ${home}/data/priv_validator_state.json ] || echo '{"height":"0","round":0,"step":0}' > ${home}/data/priv_validator_state.json`,
              ],
              volumeMounts: [data],
            },
          ],
          containers: [
            {
              name: "mezo-node",
              image,
              command: ["mezod", "start"],
              args: ["--home", home, "--moniker", name],
              ports: Object.entries(ports).map(([name, containerPort]) => ({ name, containerPort })),
              resources: { requests: { cpu: "2", memory: "8096Mi" } },
              volumeMounts: [
                data,
                { name: "node-config", mountPath: `${home}/config` },
                { name: "keyring", mountPath: `${home}/keyring-file` },
              ],
            },
          ],
          volumes: [
            {
              name: "node-config",
              projected: {
                sources: [
                  { configMap: { name: "mezo-node-config" } },
                  { configMap: { name: "mezo-genesis-config" } },
                  { secret: { name: `${name}-keystore`, items: files(["node_key.json", "priv_validator_key.json"]) } },
                ],
              },
            },
            {
              name: "keyring",
              secret: { secretName: `${name}-keystore`, items: files(["keyhash", `${name}-key.info`]) },
            },
          ],
        },
      },
      volumeClaimTemplates: [
        {
          metadata: { name: data.name },
          spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: "premium-rwo",
            resources: { requests: { storage: "100Gi" } },
          },
        },
      ],
    },
  };
}

const servicePorts = (numbers: Record<string, number>) =>
  Object.entries(numbers).map(([name, port]) => ({ name, port, targetPort: name }));

function nodeService(index: number): KubeObject {
  const annotations = {
    "cloud.google.com/l4-rbs": "enabled",
    "networking.gke.io/load-balancer-ip-addresses": `mezo-staging-node-${index}-external-ip`,
  };
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `mezo-node-${index}`, labels: labelsOf(index), annotations },
    spec: { type: "LoadBalancer", selector: labelsOf(index), ports: servicePorts(ports) },
  };
}

const service = (name: string, type: string, numbers: Record<string, number>, annotations = {}): KubeObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name, annotations },
  spec: { selector: { app: "mezo", type }, ports: servicePorts(numbers) },
});

function sidecar(): KubeObject {
  const labels = { app: "mezo", type: "ethereum-sidecar" };
  const secretKeyRef = { name: "ethereum-sidecar-config", key: "ethereum-node-address" };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "ethereum-sidecar", labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: "ethereum-sidecar",
              image,
              command: ["mezod", "ethereum-sidecar"],
              args: ["--ethereum-sidecar.server.ethereum-node-address", "$(ETHEREUM_NODE_ADDRESS)"],
              env: [{ name: "ETHEREUM_NODE_ADDRESS", valueFrom: { secretKeyRef } }],
              ports: [{ name: "server", containerPort: 7500 }],
              resources: { requests: { cpu: "250m", memory: "128Mi" } },
            },
          ],
        },
      },
    },
  };
}

const backendConfig = (name: string, more: object): KubeObject => ({
  apiVersion: "cloud.google.com/v1",
  kind: "BackendConfig",
  metadata: { name },
  spec: {
    healthCheck: { type: "HTTP", port: ports.rpc, requestPath: "/status", checkIntervalSec: 10, timeoutSec: 5 },
    ...more,
  },
});

const ingress = (name: string, prefix: string, number: number): KubeObject => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: {
    name,
    annotations: {
      "kubernetes.io/ingress.global-static-ip-name": `${prefix}-external-ip`,
      "ingress.gcp.kubernetes.io/pre-shared-cert": `${prefix}-ssl-certificate`,
    },
  },
  spec: { defaultBackend: { service: { name: "mezo-rpc", port: { number } } } },
});
