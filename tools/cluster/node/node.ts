import { mkdirSync } from "node:fs";
import { connect } from "node:net";
import { mezodPath } from "../../mezod/program.ts";
import { apiServerPort } from "../control-plane.ts";
import type { Kube, KubeObject } from "../kube.ts";
import { local } from "../local.ts";
import type { Place } from "../location.ts";
import { nodePrograms, type Programs } from "../programs.ts";
import type { Program } from "../supervisor.ts";
import { dial, forward } from "../tunnel.ts";
import { containerd, importImage, toolsImage } from "./containerd.ts";
import { dns } from "./dns.ts";
import { type Image, makeImage } from "./images.ts";
import { publishJsonRpc } from "./json-rpc.ts";
import { kubelet, kubeProxy } from "./kubelet.ts";
import { inNode, machine, nodeAddress, nodePath } from "./machine.ts";
import { controllerImage, deploySealedSecrets } from "./sealed-secrets.ts";
import { announceVolumes, volumes } from "./volumes.ts";

/** The image that the network `local` runs. */
export const chainImage = `${local.image.repository}:${local.image.tag}`;

type Start = (program: Program) => Promise<void>;

const apiServerSocket = (place: Place) => nodePath(place, "api-server.sock");

/** The machine of a node, and its way to the API server and back: the API server needs it for its first pod. */
export async function startMachine(place: Place, start: Start): Promise<void> {
  mkdirSync(nodePath(place));
  await start(machine(place));
  forward(() => connect(apiServerPort, place.address)).listen(apiServerSocket(place));
  await start(gate(place));
}

// The API server is at its own address in the node too, so that its certificate fits.
const gate = (place: Place): Program =>
  inNode(place, {
    name: "node-gate",
    command: process.execPath,
    args: [
      `${import.meta.dirname}/relay.ts`,
      apiServerSocket(place),
      place.tunnel,
      String(apiServerPort),
      nodeAddress,
      place.address,
    ],
    isReady: async () => {
      (await dial(place.tunnel, `${nodeAddress}:${apiServerPort}`)).destroy();
      return true;
    },
  });

/** All else of a node: what runs containers, what gives them network, names and volumes, and the images. */
export async function startNode(place: Place, built: Programs, kube: Kube, start: Start): Promise<void> {
  const { coredns, localPathProvisioner } = await nodePrograms();
  await announceApiServer(kube);
  await announceVolumes(kube);
  const images = (await imagesOf(built)).map((image) => makeImage(nodePath(place), image));
  const [, ...archives] = await Promise.all([start(containerd(place)), ...images]);
  for (const archive of archives) await importImage(place, archive);
  await Promise.all([
    start(kubelet(place, built.controlPlane, kube)),
    start(kubeProxy(place, built.controlPlane)),
    start(dns(place, coredns)),
    start(volumes(place, localPathProvisioner)),
    deploySealedSecrets(kube),
  ]);
  publishJsonRpc(place, kube);
}

const imagesOf = async ({ sealedSecrets }: Programs): Promise<Image[]> => [
  {
    names: [chainImage],
    programs: { "/usr/bin/mezod": await mezodPath(), "/bin/sh": "/bin/dash" },
  },
  {
    names: [toolsImage],
    programs: Object.fromEntries(
      ["sh", "cat", "mkdir", "rm", "sleep", "tar"].map((name) => [`/bin/${name}`, `/bin/${name}`]),
    ),
    entrypoint: ["/bin/sleep", "infinity"],
  },
  {
    names: [controllerImage],
    programs: { "/controller": sealedSecrets },
    entrypoint: ["/controller"],
  },
];

/** Makes the API server's own Service lead to it, as it would itself on an address that is none of loopback. */
async function announceApiServer(kube: Kube): Promise<void> {
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
