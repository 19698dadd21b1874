import { sidecarLabels, sidecarName, sidecarSecret } from "generators/network/names.ts";
import { inWave, lastWave } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import { hasSharedSidecar } from "generators/network/sidecars.ts";
import { listed, type Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";
import { checksums, networkImage, resources, restrictedContainer, restrictedPod, tmp } from "./pod.ts";

/** The Deployment of the Ethereum sidecar that validators share, where they do. */
export function sidecar(network: Network): Expected[] {
  if (!hasSharedSidecar(network)) return [];
  const labels = sidecarLabels(network);
  const shape = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: sidecarName, namespace: network.namespace, labels, annotations: inWave(lastWave(network)) },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations: checksums("keystore") }, spec: pod(network) },
    },
  };
  return [{ kind: "Deployment", name: sidecarName, shape }];
}

function pod(network: Network): Shape {
  const { port, resources: each } = network.ethereumSidecar;
  return {
    ...restrictedPod,
    containers: [
      {
        name: sidecarName,
        image: networkImage(network),
        command: ["mezod", "ethereum-sidecar"],
        args: [
          "--ethereum-sidecar.server.ethereum-node-address",
          "$(ETHEREUM_NODE_ADDRESS)",
          // The contract on Ethereum's testnet is what it looks for by itself.
          ...(network.chain.id.startsWith("mezo_31612-") ? ["--ethereum-sidecar.server.network", "mainnet"] : []),
        ],
        env: listed("name", [
          { name: "ETHEREUM_NODE_ADDRESS", valueFrom: { secretKeyRef: sidecarSecret } },
          { name: "HOME", value: "/tmp" },
        ]),
        ports: [{ name: "server", containerPort: port }],
        readinessProbe: { tcpSocket: { port: "server" }, periodSeconds: 5 },
        livenessProbe: { tcpSocket: { port: "server" }, periodSeconds: 15, failureThreshold: 20 },
        resources: resources(each.cpu, each.memory, "256Mi"),
        securityContext: restrictedContainer,
        volumeMounts: [tmp.mount],
      },
    ],
    volumes: [tmp.volume],
  };
}
