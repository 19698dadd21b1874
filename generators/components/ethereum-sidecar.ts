import type { Deployment } from "kubernetes-types/apps/v1.js";
import type { Service } from "kubernetes-types/core/v1.js";
import { imageName, sidecarFolder, sidecarLabels, sidecarName, sidecarSecret } from "../network/names.ts";
import { inWave, lastWave } from "../network/rollout.ts";
import type { BaseNetwork, Network } from "../network/schema.ts";
import { type Checksums, rolledBy } from "../network/seal-lock.ts";
import { ethereumNetwork } from "../network/sidecars.ts";
import type { Files } from "../tree.ts";
import { kustomization, type Patch } from "./kustomization.ts";
import { ethereumPolicy, sidecarPolicy } from "./network-policies.ts";
import { resources, restrictedContainer, restrictedPod } from "./security.ts";

/** base/<app>-ethereum-sidecar: it reads the bridge's events from an Ethereum node for all validators that share it. */
export const sidecarBase = (network: BaseNetwork, port: number): Files => ({
  "kustomization.yaml": kustomization({ resources: ["deployment.yaml", "networkpolicy.yaml", "service.yaml"] }),
  "deployment.yaml": deployment(network, port),
  "networkpolicy.yaml": sidecarPolicy(network, port),
  "service.yaml": service(network, port),
});

/** overlays/<network>/ethereum-sidecar: its resources, its wave, and its way to the Ethereum node. */
export const sidecarOverlay = (network: Network, checksums: Checksums): Files => ({
  "kustomization.yaml": kustomization({
    resources: [`../../../base/${sidecarFolder(network)}`, "networkpolicy.yaml"],
    patches: [{ path: "deployment.yaml" }],
  }),
  "deployment.yaml": ownDeployment(network, checksums),
  "networkpolicy.yaml": ethereumPolicy(network),
});

const service = (network: BaseNetwork, port: number): Service => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: sidecarName, labels: sidecarLabels(network) },
  spec: { selector: sidecarLabels(network), ports: [{ name: "server", port, targetPort: "server" }] },
});

const flag = "--ethereum-sidecar.server";
const baseArgs = [`${flag}.ethereum-node-address`, "$(ETHEREUM_NODE_ADDRESS)"];

const deployment = (network: BaseNetwork, port: number): Deployment => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: sidecarName, labels: sidecarLabels(network) },
  spec: {
    replicas: 1,
    selector: { matchLabels: sidecarLabels(network) },
    template: {
      metadata: { labels: sidecarLabels(network) },
      spec: {
        ...restrictedPod,
        containers: [
          {
            name: sidecarName,
            image: imageName(network),
            command: ["mezod", "ethereum-sidecar"],
            args: baseArgs,
            env: [
              { name: "ETHEREUM_NODE_ADDRESS", valueFrom: { secretKeyRef: sidecarSecret } },
              { name: "HOME", value: "/tmp" },
            ],
            ports: [{ name: "server", containerPort: port }],
            readinessProbe: { tcpSocket: { port: "server" }, periodSeconds: 5 },
            // Five minutes: validators run on without it, and an Ethereum node that is slow to answer is no reason.
            livenessProbe: { tcpSocket: { port: "server" }, periodSeconds: 15, failureThreshold: 20 },
            securityContext: restrictedContainer,
            volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
          },
        ],
        volumes: [{ name: "tmp", emptyDir: {} }],
      },
    },
  },
});

function ownDeployment(network: Network, checksums: Checksums): Patch<Deployment> {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: sidecarName, annotations: inWave(lastWave(network)) },
    spec: {
      template: {
        ...rolledBy(checksums, { keystore: sidecarSecret.name }),
        spec: {
          containers: [
            {
              name: sidecarName,
              ...(ethereumNetwork(network) === "mainnet" && { args: [...baseArgs, `${flag}.network`, "mainnet"] }),
              resources: resources(network.ethereumSidecar.resources, "256Mi"),
            },
          ],
        },
      },
    },
  };
}
