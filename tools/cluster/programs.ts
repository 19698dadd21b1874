import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type GoProgram, goProgram } from "../build/go-program.ts";
import { mezodPath } from "../mezod/program.ts";
import { crdFiles } from "../schemas.ts";
import { executable, toolPath } from "../tool.ts";
import { nodeUnavailable } from "./node/requirements.ts";

interface Pin {
  module: string;
  /** The main package, as seen from the folder. */
  main: string;
  duration: string;
  /** The folder with the go.mod, where its name is not the program's. */
  folder?: string;
  /** For `go build -tags`. */
  tags?: string;
}

const containerdModule = "github.com/containerd/containerd/v2";
const provisionerModule = "github.com/kubernetes-csi/external-provisioner/v6";
const snapshotterModule = "github.com/kubernetes-csi/external-snapshotter/v8";

const pins = {
  // etcd, Kubernetes' own programs, kubectl and a redis; the first argument says which.
  "control-plane": { module: "k8s.io/kubernetes", main: ".", duration: "seven minutes" },
  // Its servers; ARGOCD_BINARY_NAME says which.
  "argo-cd": {
    module: "github.com/argoproj/argo-cd/v3",
    main: "github.com/argoproj/argo-cd/v3/cmd",
    duration: "six minutes",
  },
  "sealed-secrets": {
    module: "github.com/bitnami/sealed-secrets",
    main: "github.com/bitnami/sealed-secrets/cmd/controller",
    duration: "a minute",
  },
  // With ctr, its client, and the program that holds a pod's containers.
  containerd: { module: containerdModule, main: `${containerdModule}/cmd/containerd`, duration: "two minutes" },
  "containerd-shim-runc-v2": {
    folder: "containerd",
    module: containerdModule,
    main: `${containerdModule}/cmd/containerd-shim-runc-v2`,
    duration: "a minute",
  },
  ctr: {
    folder: "containerd",
    module: containerdModule,
    main: `${containerdModule}/cmd/ctr`,
    duration: "a minute",
  },
  coredns: { folder: "node", module: "github.com/coredns/coredns", main: ".", duration: "two minutes" },
  "local-path-provisioner": {
    folder: "node",
    module: "github.com/rancher/local-path-provisioner",
    main: "github.com/rancher/local-path-provisioner",
    duration: "a minute",
  },
  // What stands before RPC nodes.
  caddy: {
    module: "github.com/caddyserver/caddy/v2",
    main: "github.com/caddyserver/caddy/v2/cmd/caddy",
    duration: "two minutes",
  },
  "network-policies": { module: "sigs.k8s.io/kube-network-policies", main: ".", duration: "two minutes" },
  "disk-driver": {
    folder: "disks",
    module: "github.com/container-storage-interface/spec",
    main: ".",
    duration: "a minute",
  },
  "csi-provisioner": {
    folder: "disks",
    module: provisionerModule,
    main: `${provisionerModule}/cmd/csi-provisioner`,
    duration: "a minute",
  },
  "csi-snapshotter": {
    folder: "disks",
    module: snapshotterModule,
    main: `${snapshotterModule}/cmd/csi-snapshotter`,
    duration: "a minute",
  },
  "snapshot-controller": {
    folder: "disks",
    module: snapshotterModule,
    main: `${snapshotterModule}/cmd/snapshot-controller`,
    duration: "a minute",
  },
  prometheus: {
    module: "github.com/prometheus/prometheus",
    main: "github.com/prometheus/prometheus/cmd/prometheus",
    // Of the clients that look for what to collect, the one of Kubernetes alone.
    tags: "remove_all_sd,enable_kubernetes_sd",
    duration: "two minutes",
  },
  "kube-state-metrics": {
    module: "k8s.io/kube-state-metrics/v2",
    main: "k8s.io/kube-state-metrics/v2",
    duration: "a minute",
  },
} satisfies Record<string, Pin>;

/** The paths of the programs that every cluster runs. */
export interface ClusterPrograms {
  controlPlane: string;
  argocd: string;
  sealedSecrets: string;
  kustomize: string;
}

/**
 * The paths of the programs that every cluster runs, each built on first use. ARGOCD names another binary for Argo CD: a
 * release contains its web page, which a build from source does not.
 *
 * @throws {OperatorError} when Go is missing or a build fails.
 */
export async function clusterPrograms(): Promise<ClusterPrograms> {
  // One after the other, because each build uses every core.
  const controlPlane = await build("control-plane");
  const { ARGOCD } = process.env;
  const argocd = ARGOCD ? executable("ARGOCD", ARGOCD) : await build("argo-cd");
  const sealedSecrets = await build("sealed-secrets");
  return { controlPlane, argocd, sealedSecrets, kustomize: await toolPath("kustomize") };
}

/** The paths of the programs that a real node runs besides, each built on first use. Throws as `clusterPrograms` does. */
export const nodePrograms = async () => ({
  containerd: await build("containerd"),
  containerdShim: await build("containerd-shim-runc-v2"),
  ctr: await build("ctr"),
  coredns: await build("coredns"),
  localPathProvisioner: await build("local-path-provisioner"),
  networkPolicies: await build("network-policies"),
  caddy: await caddyPath(),
});

/** The path of Caddy, built on first use. Throws as `clusterPrograms` does. */
export const caddyPath = () => build("caddy");

/** The paths of the programs that a real node's disks need, each built on first use. Throws as `clusterPrograms` does. */
export const diskPrograms = async () => ({
  driver: await build("disk-driver"),
  provisioner: await build("csi-provisioner"),
  snapshotter: await build("csi-snapshotter"),
  snapshotController: await build("snapshot-controller"),
});

/** The paths of what collects metrics and raises alerts, each built on first use. Throws as `clusterPrograms` does. */
export const monitoringPrograms = async () => ({
  prometheus: await build("prometheus"),
  kubeStateMetrics: await build("kube-state-metrics"),
});

/** Builds everything that a cluster with the network `local` needs, so that nothing is built while the cluster runs. */
export async function buildAll(): Promise<void> {
  await clusterPrograms();
  if (!nodeUnavailable) {
    await nodePrograms();
    await diskPrograms();
  }
  await mezodPath();
  await toolPath("kubeseal");
  await crdFiles();
}

/** Builds what the tests need, too. */
export async function buildForTests(): Promise<void> {
  await buildAll();
  await monitoringPrograms();
}

function build(name: keyof typeof pins): Promise<string> {
  const { module, main, duration, tags, folder: folderName = name }: Pin = pins[name];
  const folder = join(import.meta.dirname, "programs", folderName);
  const files = readdirSync(folder).sort();
  const contents = files.map((file) => readFileSync(join(folder, file), "utf8"));
  const version = requiredVersion(contents[files.indexOf("go.mod")] ?? "", module);
  const program: GoProgram = { name, version, folder, main, pins: contents, duration, ...(tags && { tags }) };
  return goProgram(name === "control-plane" ? { ...program, ldflags: kubernetesVersion(version) } : program);
}

/** The version of a module that a go.mod requires. */
function requiredVersion(goMod: string, module: string): string {
  const line = goMod.split("\n").find((line) =>
    line
      .replace(/^require/, "")
      .trim()
      .startsWith(`${module} v`),
  );
  const version = line?.split(" ").find((word) => /^v\d/.test(word));
  if (!version) throw new Error(`go.mod does not require ${module}`);
  return version;
}

// Kubernetes' own build sets these; without them, every program claims to be v0.0.0.
function kubernetesVersion(version: string): string {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return Object.entries(values)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(" ");
}
