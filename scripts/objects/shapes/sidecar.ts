import { sidecarLabels, sidecarName, sidecarSecret } from "generators/network/names.ts";
import { inWave, lastWave } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import { listed, type Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";
import { networkImage, resources, restrictedContainer, restrictedPod, tmp } from "./pod.ts";
import { checksum } from "./validator.ts";

/** The Deployment of the Ethereum sidecar. */
export function sidecar(network: Network): Expected[] {
  const labels = sidecarLabels(network);
  const shape = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: sidecarName, namespace: network.namespace, labels, annotations: inWave(lastWave(network)) },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations: checksum }, spec: pod(network) },
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
        args: ["--ethereum-sidecar.server.ethereum-node-address", "$(ETHEREUM_NODE_ADDRESS)"],
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
