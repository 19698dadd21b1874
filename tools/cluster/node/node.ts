import { mkdirSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { proxyImage } from "generators/network/keyless-schema.ts";
import type { Network } from "generators/network/schema.ts";
import { snapshotsImage } from "generators/network/snapshots-schema.ts";
import { hasPoa, mezodPath } from "../../mezod/program.ts";
import type { Kube, KubeObject } from "../kubernetes/client.ts";
import { type ClusterLocation, nodePath } from "../location.ts";
import { local, networkOn } from "../network/local.ts";
import { apiServerPort } from "../parts/credentials.ts";
import { dial, forward } from "../parts/tunnel.ts";
import type { Program, StartProgram } from "../process/program.ts";
import { type ClusterPrograms, diskPrograms, nodePrograms } from "../programs.ts";
import { nodeAddress } from "./addresses.ts";
import { containerd, importImage, toolsImage } from "./containerd.ts";
import { coredns } from "./coredns.ts";
import { applyDiskClass, diskControllers, disksUnavailable, makeDiskFolder } from "./disks.ts";
import { ethereum } from "./ethereum.ts";
import { type Image, makeImage } from "./images.ts";
import { publishJsonRpc } from "./json-rpc.ts";
import { kubelet, kubeProxy } from "./kubelet.ts";
import { inNode, nodeNamespaces } from "./namespaces.ts";
import { applyPolicyRules, networkPolicies, policiesUnenforced } from "./network-policies.ts";
import { controllerImage, deploySealedSecrets } from "./sealed-secrets.ts";
import { applyStorageClass, volumeProvisioner } from "./volumes.ts";

const imageOf = ({ image }: Network) => `${image.repository}:${image.tag}`;

/** The image that the network `local` runs. */
export const chainImage = imageOf(local);

const apiServerSocket = (location: ClusterLocation) => nodePath(location, "api-server.sock");

/**
 * Starts the node's namespaces, and the relay between its network and the machine's. The API server needs both before it
 * reaches its first pod.
 */
export async function startNodeNetwork(location: ClusterLocation, start: StartProgram): Promise<void> {
  mkdirSync(nodePath(location));
  await start(nodeNamespaces(location));
  forward(() => connect(apiServerPort, location.address)).listen(apiServerSocket(location));
  await start(relay(location));
}

const relay = (location: ClusterLocation): Program =>
  inNode(location, {
    name: "node-relay",
    command: process.execPath,
    args: [
      join(import.meta.dirname, "relay.ts"),
      apiServerSocket(location),
      location.tunnel,
      String(apiServerPort),
      nodeAddress,
      // The API server's own address works in the node, too, because its certificate is for that one.
      location.address,
    ],
    isReady: async () => {
      (await dial(location.tunnel, `${nodeAddress}:${apiServerPort}`)).destroy();
      return true;
    },
  });

/** Starts everything else of a node: the container runtime, network, names, volumes, and the images that pods run. */
export async function startNode(
  location: ClusterLocation,
  programs: ClusterPrograms,
  kube: Kube,
  start: StartProgram,
): Promise<void> {
  const node = await nodePrograms();
  await applyApiServerEndpoint(kube);
  await applyStorageClass(kube);
  const images = (await imagesOf(location, programs, node.caddy, networkOn(location))).map((image) =>
    makeImage(nodePath(location), image),
  );
  const [, ...archives] = await Promise.all([
    start(containerd(location, node.containerd, node.containerdShim)),
    ...images,
  ]);
  for (const archive of archives) await importImage(location, archive);
  const unenforced = policiesUnenforced();
  if (unenforced) console.error(`cluster: NetworkPolicies are not enforced: ${unenforced}`);
  else await applyPolicyRules(location);
  const diskless = disksUnavailable();
  if (diskless) console.error(`cluster: volumes can't be copied: ${diskless}`);
  else await Promise.all([makeDiskFolder(location), applyDiskClass(kube)]);
  await Promise.all([
    start(kubelet(location, programs.controlPlane, kube)),
    start(kubeProxy(location, programs.controlPlane)),
    start(coredns(location, node.coredns)),
    ...(unenforced ? [] : [start(networkPolicies(location, node.networkPolicies))]),
    start(volumeProvisioner(location, node.localPathProvisioner)),
    ...(diskless ? [] : diskControllers(location, await diskPrograms()).map(start)),
    // The stand-in's ethereum-sidecar dials nobody.
    ...(hasPoa() ? [start(ethereum(location))] : []),
    deploySealedSecrets(kube),
  ]);
  publishJsonRpc(location, kube);
}

const imagesOf = async (
  location: ClusterLocation,
  { controlPlane, sealedSecrets }: ClusterPrograms,
  caddy: string,
  network: Network,
): Promise<Image[]> => [
  {
    names: [imageOf(network)],
    // The chain's own image has busybox's shell, too.
    programs: { "/usr/bin/mezod": await mezodPath(), "/bin/sh": "/bin/busybox" },
  },
  {
    names: [toolsImage],
    programs: Object.fromEntries(
      ["sh", "cat", "ls", "mkdir", "rm", "sleep", "tar"].map((name) => [`/bin/${name}`, `/bin/${name}`]),
    ),
    entrypoint: ["/bin/sleep", "infinity"],
  },
  {
    // For the job that makes snapshots.
    names: [snapshotsImage],
    programs: {
      "/bin/sh": "/bin/busybox",
      "/bin/date": "/bin/date",
      "/usr/bin/control-plane": controlPlane,
      "/usr/bin/kubectl": kubectl(location),
    },
  },
  {
    names: [proxyImage],
    programs: { "/usr/bin/caddy": caddy },
  },
  {
    names: [controllerImage],
    programs: { "/controller": sealedSecrets },
    entrypoint: ["/controller"],
  },
];

/** The command kubectl of an image that holds the control plane's binary. */
function kubectl(location: ClusterLocation): string {
  const file = nodePath(location, "kubectl");
  writeFileSync(file, '#!/bin/sh\nexec /usr/bin/control-plane kubectl "$@"\n', { mode: 0o755 });
  return file;
}

/** Makes the Service `kubernetes` lead to the API server, which would do so itself if it were not on loopback. */
async function applyApiServerEndpoint(kube: Kube): Promise<void> {
  const slice: KubeObject = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: "kubernetes", namespace: "default", labels: { "kubernetes.io/service-name": "kubernetes" } },
    addressType: "IPv4",
    ports: [{ name: "https", port: apiServerPort, protocol: "TCP" }],
    endpoints: [{ addresses: [nodeAddress], conditions: { ready: true } }],
  };
  await kube.apply(slice);
}
