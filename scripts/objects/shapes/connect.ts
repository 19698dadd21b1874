import { connectLabels, connectName, internalName, serviceHost } from "generators/network/names.ts";
import { inWave, lastWave } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import { withConnect } from "generators/network/sidecars.ts";
import { isPaused } from "generators/network/validators.ts";
import type { Shape } from "../shape.ts";
import type { Expected } from "./expected.ts";
import { resources, restrictedContainer, restrictedPod, tmp } from "./pod.ts";

type Connect = NonNullable<Network["connectSidecar"]>;

/** The Deployment of each validator's price oracle. */
export const connects = (network: Network): Expected[] =>
  withConnect(network).flatMap((index) =>
    network.connectSidecar
      ? [
          {
            kind: "Deployment",
            name: connectName(network, index),
            shape: deployment(network, network.connectSidecar, index),
          },
        ]
      : [],
  );

function deployment(network: Network, connect: Connect, index: number): Shape {
  const labels = { ...connectLabels(network), id: String(index) };
  const name = connectName(network, index);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: network.namespace, labels, annotations: inWave(lastWave(network)) },
    spec: {
      replicas: isPaused(network, index) ? 0 : 1,
      progressDeadlineSeconds: 120,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { ...restrictedPod, containers: [container(network, connect, index)], volumes: [tmp.volume] },
      },
    },
  };
}

/** It holds no secret, and asks its own validator and the exchanges. A readiness probe would hold syncs while it has no markets. */
const container = (network: Network, { image, port, resources: each }: Connect, index: number): Shape => ({
  name: "connect",
  image: `${image.repository}@${image.digest}`,
  command: ["connect"],
  args: [
    "--disable-telemetry",
    "--log-disable-file-rotation",
    "--metrics-enabled=false",
    `--port=${port}`,
    `--market-map-endpoint=${serviceHost(network, internalName(network, index))}:${network.ports.grpc}`,
  ],
  env: [{ name: "HOME", value: "/tmp" }],
  ports: [{ name: "prices", containerPort: port }],
  livenessProbe: { tcpSocket: { port: "prices" }, periodSeconds: 15, failureThreshold: 20 },
  resources: resources(each.cpu, each.memory, "256Mi"),
  securityContext: restrictedContainer,
  volumeMounts: [tmp.mount],
});
