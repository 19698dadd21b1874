import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { join } from "node:path";
import { kubeconfigFile } from "./control-plane.ts";
import type { Place } from "./location.ts";
import type { Programs } from "./programs.ts";
import type { Program } from "./supervisor.ts";

export const argocdNamespace = "argocd";
export const argocdUrl = ({ address }: Place) => `http://${address}:8080`;

/** Settings that Argo CD looks for when it starts, empty: its own defaults are what is tested. */
export const argocdSettings = [
  ...["argocd-cm", "argocd-rbac-cm"].map((name) => settings("ConfigMap", name)),
  settings("Secret", "argocd-secret"),
];

function settings(kind: string, name: string) {
  const labels = { "app.kubernetes.io/part-of": "argocd" };
  return { apiVersion: "v1", kind, metadata: { name, namespace: argocdNamespace, labels } };
}

/** Puts in place what Argo CD's image brings beside the program. */
export function writeArgocdFiles({ folder }: Place, { kustomize }: Programs): void {
  for (const name of ["tls", "ssh", "plugins"]) mkdirSync(join(folder, "argocd", name), { recursive: true });
  symlinkSync(kustomize, join(folder, "bin/kustomize"));
  // Called for every commit, signed or not; what it prints is only shown.
  const wrapper = join(folder, "bin/git-verify-wrapper.sh");
  writeFileSync(wrapper, '#!/bin/sh\ngit verify-commit "$1" 2>&1 || exit 0\n');
  chmodSync(wrapper, 0o755);
}

/** Argo CD as it runs outside of the cluster that it deploys to, with a redis for its cache. */
export async function argocd(place: Place, { argocd, controlPlane }: Programs): Promise<Program[]> {
  const { folder, address } = place;
  const at = (name: string) => join(folder, "argocd", name);
  const kubeconfig = kubeconfigFile(place, "argocd-application-controller");
  const redis = `${address}:6379`;
  const repoServer = `${address}:8081`;
  const env = {
    KUBECONFIG: kubeconfig,
    ARGOCD_FAKE_IN_CLUSTER: "true",
    ARGOCD_TLS_DATA_PATH: at("tls"),
    ARGOCD_SSH_DATA_PATH: at("ssh"),
    ARGOCD_GPG_ENABLED: "false",
    ARGOCD_PLUGINSOCKFILEPATH: at("plugins"),
    ARGOCD_ASK_PASS_SOCK: at("ask-pass.sock"),
  };
  const program = (name: string, args: string[], isReady: Program["isReady"]): Program => ({
    name,
    command: argocd,
    args,
    env: { ...env, ARGOCD_BINARY_NAME: name },
    isReady,
  });
  const ofCluster = [`--kubeconfig=${kubeconfig}`, `--namespace=${argocdNamespace}`, `--redis=${redis}`];
  const ofRepoServer = [`--repo-server=${repoServer}`, "--repo-server-plaintext"];
  // The one program that can't be told an address.
  const controllerPort = await freePort();
  return [
    {
      name: "redis",
      command: controlPlane,
      args: ["redis", redis],
      isReady: () => accepts(address, 6379),
    },
    program(
      "argocd-repo-server",
      [
        `--address=${address}`,
        `--metrics-address=${address}`,
        "--metrics-port=8084",
        `--redis=${redis}`,
        "--disable-tls",
        "--client-ca-path=",
      ],
      async () => (await fetch(`http://${address}:8084/healthz`)).ok,
    ),
    program(
      "argocd-application-controller",
      [
        ...ofCluster,
        ...ofRepoServer,
        `--metrics-port=${controllerPort}`,
        // In status.resources, where a test reads it.
        "--persist-resource-health",
        // So that what a test sees is never the next poll's: a push's webhook, or nothing.
        "--app-resync=86400",
      ],
      async () => (await fetch(`http://${address}:${controllerPort}/healthz`)).ok,
    ),
    program(
      "argocd-server",
      [
        ...ofCluster,
        ...ofRepoServer,
        "--insecure",
        "--disable-auth",
        `--address=${address}`,
        "--port=8080",
        `--metrics-address=${address}`,
      ],
      async () => (await fetch(`${argocdUrl(place)}/healthz?full=true`)).ok,
    ),
  ];
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => resolve(true));
    socket.on("error", reject).on("connect", () => socket.destroy());
  });
}
