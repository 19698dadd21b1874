import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import type { ClusterLocation } from "../location.ts";
import { freePort } from "../process/free-port.ts";
import type { Program } from "../process/program.ts";
import type { ClusterPrograms } from "../programs.ts";
import { kubeconfigFile } from "./credentials.ts";

export const argocdNamespace = "argocd";
export const argocdUrl = ({ address }: ClusterLocation) => `http://${address}:8080`;

/** The settings that Argo CD looks for when it starts. They are empty, because its own defaults are what is tested. */
export const argocdSettings = [
  ...["argocd-cm", "argocd-rbac-cm"].map((name) => settings("ConfigMap", name)),
  settings("Secret", "argocd-secret"),
];

function settings(kind: string, name: string) {
  const labels = { "app.kubernetes.io/part-of": "argocd" };
  return { apiVersion: "v1", kind, metadata: { name, namespace: argocdNamespace, labels } };
}

const argocdPath = ({ folder }: ClusterLocation, name: string) => join(folder, "argocd", name);

const metricsAddressFile = (location: ClusterLocation) => argocdPath(location, "metrics-address");

/** Where the application controller answers with its metrics, as host and port. */
export const argocdMetrics = (location: ClusterLocation) => readFileSync(metricsAddressFile(location), "utf8");

/** Writes what Argo CD's image holds beside the program. */
export function writeArgocdFiles(location: ClusterLocation, { kustomize }: ClusterPrograms): void {
  for (const name of ["tls", "ssh", "plugins"]) mkdirSync(argocdPath(location, name), { recursive: true });
  symlinkSync(kustomize, join(location.folder, "bin/kustomize"));
  // Argo CD calls it for every commit, signed or not, and only shows what it prints.
  const wrapper = join(location.folder, "bin/git-verify-wrapper.sh");
  writeFileSync(wrapper, '#!/bin/sh\ngit verify-commit "$1" 2>&1 || exit 0\n');
  chmodSync(wrapper, 0o755);
}

/** Argo CD as it runs outside of the cluster that it deploys to, with a redis for its cache. */
export async function argocd(location: ClusterLocation, programs: ClusterPrograms): Promise<Program[]> {
  const { address } = location;
  const redis = `${address}:6379`;
  const repoServer = `${address}:8081`;
  const servers = [
    `--kubeconfig=${argocdKubeconfig(location)}`,
    `--namespace=${argocdNamespace}`,
    `--redis=${redis}`,
    `--repo-server=${repoServer}`,
    "--repo-server-plaintext",
  ];
  const redisProgram: Program = {
    name: "redis",
    command: programs.controlPlane,
    args: ["redis", redis],
    isReady: () => accepts(address, 6379),
  };
  // One binary is all of Argo CD's programs; a variable says which.
  const argocdPrograms = [
    repoServerProgram(location, redis),
    await applicationController(location, servers),
    apiServer(location, servers),
  ].map((program) => ({
    ...program,
    command: programs.argocd,
    env: { ...environment(location), ARGOCD_BINARY_NAME: program.name },
  }));
  return [redisProgram, ...argocdPrograms];
}

const argocdKubeconfig = (location: ClusterLocation) => kubeconfigFile(location, "argocd-application-controller");

const environment = (location: ClusterLocation) => ({
  KUBECONFIG: argocdKubeconfig(location),
  ARGOCD_FAKE_IN_CLUSTER: "true",
  ARGOCD_TLS_DATA_PATH: argocdPath(location, "tls"),
  ARGOCD_SSH_DATA_PATH: argocdPath(location, "ssh"),
  ARGOCD_GPG_ENABLED: "false",
  ARGOCD_PLUGINSOCKFILEPATH: argocdPath(location, "plugins"),
  ARGOCD_ASK_PASS_SOCK: argocdPath(location, "ask-pass.sock"),
  // Argo CD waits this many seconds after each wave, for controllers to see what it applied; its default is 2.
  ARGOCD_SYNC_WAVE_DELAY: "1",
});

const repoServerProgram = ({ address }: ClusterLocation, redis: string) => ({
  name: "argocd-repo-server",
  args: [
    `--address=${address}`,
    `--metrics-address=${address}`,
    "--metrics-port=8084",
    `--redis=${redis}`,
    "--disable-tls",
    "--client-ca-path=",
  ],
  isReady: async () => (await fetch(`http://${address}:8084/healthz`)).ok,
});

async function applicationController(location: ClusterLocation, servers: string[]) {
  const { address } = location;
  // It takes no address, only a port, which must not be that of another cluster.
  const port = await freePort();
  writeFileSync(metricsAddressFile(location), `${address}:${port}`);
  return {
    name: "argocd-application-controller",
    args: [
      ...servers,
      `--metrics-port=${port}`,
      // Tests read it in status.resources.
      "--persist-resource-health",
      // So that a test sees the effect of a push's webhook, or none, and never that of the next poll.
      "--app-resync=86400",
    ],
    isReady: async () => (await fetch(`http://${address}:${port}/healthz`)).ok,
  };
}

const apiServer = (location: ClusterLocation, servers: string[]) => ({
  name: "argocd-server",
  args: [
    ...servers,
    "--insecure",
    "--disable-auth",
    `--address=${location.address}`,
    "--port=8080",
    `--metrics-address=${location.address}`,
  ],
  isReady: async () => (await fetch(`${argocdUrl(location)}/healthz?full=true`)).ok,
});

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => resolve(true));
    socket.on("error", reject).on("connect", () => socket.destroy());
  });
}
