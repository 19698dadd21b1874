import type { Deployment } from "kubernetes-types/apps/v1.js";
import type { Service } from "kubernetes-types/core/v1.js";
import { connectLabels, connectName, internalName, serviceHost } from "../network/names.ts";
import { inWave, lastWave } from "../network/rollout.ts";
import type { Network } from "../network/schema.ts";
import { withConnect } from "../network/sidecars.ts";
import { isPaused } from "../network/validators.ts";
import type { Files } from "../tree.ts";
import { kustomization } from "./kustomization.ts";
import { connectPolicy, nodeConnectPolicy } from "./network-policies.ts";
import { resources, restrictedContainer, restrictedPod } from "./security.ts";

type Connect = NonNullable<Network["connectSidecar"]>;

// After that a sync gives up on an image that can't be pulled, and its retry takes the newest commit. Kubernetes' own ten
// minutes would hold it as long.
const progressDeadlineSeconds = 120;

/**
 * overlays/<network>/connect: a price oracle for each validator whose release votes on prices, in a pod of its own. A pod is
 * ready only while all its containers run, those without a probe and those that init containers start included: in the
 * validator's pod a Connect that crashes, or whose image can't be pulled, would take the validator out of JSON-RPC's Service
 * and hold the rollout. And the pod with the keys reaches no exchange.
 */
export function connectOverlay(network: Network, connect: Connect): Files {
  const own = withConnect(network).flatMap((index): [string, object][] => [
    [`deployment-${index}.yaml`, deployment(network, connect, index)],
    [`service-${index}.yaml`, service(network, connect, index)],
  ]);
  const objects: Files = {
    "networkpolicy.yaml": connectPolicy(network, connect),
    "networkpolicy-node.yaml": nodeConnectPolicy(network, connect),
    ...Object.fromEntries(own),
  };
  return { "kustomization.yaml": kustomization({ resources: Object.keys(objects) }), ...objects };
}

const labelsOf = (network: Network, index: number) => ({ ...connectLabels(network), id: String(index) });

/** In wave 0, before the validators: a host that does not resolve yet would cost a vote its prices. */
const service = (network: Network, { port }: Connect, index: number): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: connectName(network, index), labels: labelsOf(network, index) },
  spec: { selector: labelsOf(network, index), ports: [{ name: "prices", port, targetPort: "prices" }] },
});

function deployment(network: Network, { image, port, resources: requests }: Connect, index: number): Deployment {
  const labels = labelsOf(network, index);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: connectName(network, index), labels, annotations: inWave(lastWave(network)) },
    spec: {
      // It takes the list of markets from its own validator.
      replicas: isPaused(network, index) ? 0 : 1,
      progressDeadlineSeconds,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          ...restrictedPod,
          containers: [
            {
              name: "connect",
              image: `${image.repository}@${image.digest}`,
              command: ["connect"],
              args: connectArgs(network, port, index),
              env: [{ name: "HOME", value: "/tmp" }],
              ports: [{ name: "prices", containerPort: port }],
              // It has no readiness probe: a sync that prunes waits for what is in its last wave, and takes up no new commit.
              // Five minutes: while its validator is away it has no markets, and that is no reason.
              livenessProbe: { tcpSocket: { port: "prices" }, periodSeconds: 15, failureThreshold: 20 },
              resources: resources(requests, "256Mi"),
              securityContext: restrictedContainer,
              volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
            },
          ],
          volumes: [{ name: "tmp", emptyDir: {} }],
        },
      },
    },
  };
}

const connectArgs = (network: Network, port: number, index: number) => [
  "--disable-telemetry",
  // Its root file system is read-only.
  "--log-disable-file-rotation",
  // Nobody collects them: the node has metrics of its own about the prices that it gets.
  "--metrics-enabled=false",
  `--port=${port}`,
  `--market-map-endpoint=${serviceHost(network, internalName(network, index))}:${network.ports.grpc}`,
];
