import { generateKeyPairSync, randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";
import type { Place } from "./location.ts";
import { kubeletUser, serviceRange } from "./node/machine.ts";
import type { Program } from "./supervisor.ts";

// Who speaks to the API server, by its own names for them.
const users = {
  admin: { group: "system:masters" },
  "system:kube-controller-manager": { group: "" },
  "system:kube-scheduler": { group: "" },
  // In a pod it would be a service account's, and as its ClusterRole has it, allowed everything.
  "argocd-application-controller": { group: "system:masters" },
  "sealed-secrets-controller": { group: "system:masters" },
  // Of a node, where there is one.
  [kubeletUser]: { group: "system:nodes" },
  "system:kube-proxy": { group: "" },
  coredns: { group: "system:masters" },
  "local-path-provisioner": { group: "system:masters" },
};
export type User = keyof typeof users;

export const apiServerPort = 6443;
export const certificateFile = ({ folder }: Place) => join(folder, "pki/apiserver.crt");
export const tokenFile = ({ folder }: Place, user: User) => join(folder, `${user.replace("system:", "")}.token`);
export const kubeconfigFile = ({ folder, kubeconfig }: Place, user: User = "admin") =>
  kubeconfig ?? join(folder, `${user.replace("system:", "")}.kubeconfig`);

/** Writes keys, tokens and kubeconfigs: all that the control plane's programs read. */
export function writeControlPlaneFiles(place: Place): void {
  const { folder, address } = place;
  const at = (file: string) => join(folder, file);
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(at("service-account.key"), privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(at("service-account.pub"), publicKey.export({ type: "spki", format: "pem" }));
  const rows = Object.entries(users).map(([user, { group }]) => {
    const token = randomBytes(16).toString("hex");
    writeFileSync(tokenFile(place, user as User), token);
    const cluster = { server: `https://${address}:${apiServerPort}`, "certificate-authority": certificateFile(place) };
    const name = "mezo-cluster";
    const kubeconfig = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": name,
      clusters: [{ name, cluster }],
      users: [{ name: user, user: { token } }],
      contexts: [{ name, context: { cluster: name, user } }],
    };
    writeFileSync(kubeconfigFile(place, user as User), JSON.stringify(kubeconfig, null, 2));
    return `${token},${user},${user}${group && `,${group}`}\n`;
  });
  writeFileSync(at("tokens.csv"), rows.join(""));
  // Pods have addresses that no host knows; the API server reaches them through a tunnel, as GKE's does.
  const connection = { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: place.tunnel } } };
  const egress = {
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [{ name: "cluster", connection }],
  };
  writeFileSync(at("egress.json"), JSON.stringify(egress));
}

/** etcd and Kubernetes' control plane, in the order they start. */
export function controlPlane(place: Place, command: string, hasNode: boolean): Program[] {
  const { folder, address } = place;
  const at = (file: string) => join(folder, file);
  const etcd = `http://${address}:2379`;
  const peer = `http://${address}:2380`;
  const manager = [`--bind-address=${address}`, "--leader-elect=false", `--cert-dir=${at("pki")}`];
  const program = (name: string, args: string[], isReady: Program["isReady"]) => ({
    name,
    command,
    args: [name, ...args],
    isReady,
  });
  return [
    program(
      "etcd",
      [
        `--data-dir=${at("etcd")}`,
        `--listen-client-urls=${etcd}`,
        `--advertise-client-urls=${etcd}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=default=${peer}`,
        // It need not survive the machine.
        "--unsafe-no-fsync",
      ],
      async () => (await fetch(`${etcd}/health`)).ok,
    ),
    program(
      "kube-apiserver",
      [
        `--etcd-servers=${etcd}`,
        `--bind-address=${address}`,
        `--secure-port=${apiServerPort}`,
        `--cert-dir=${at("pki")}`,
        `--token-auth-file=${at("tokens.csv")}`,
        "--authorization-mode=Node,RBAC",
        `--service-cluster-ip-range=${serviceRange}`,
        `--service-account-issuer=https://kubernetes.default.svc`,
        `--service-account-key-file=${at("service-account.pub")}`,
        `--service-account-signing-key-file=${at("service-account.key")}`,
        `--egress-selector-config-file=${at("egress.json")}`,
        // By its address: no name of a node's is known outside of it.
        "--kubelet-preferred-address-types=InternalIP",
        // Endpoints on loopback are invalid.
        "--endpoint-reconciler-type=none",
      ],
      () => answers(`https://${address}:${apiServerPort}/readyz`, place),
    ),
    program(
      "kube-controller-manager",
      [
        ...manager,
        `--kubeconfig=${kubeconfigFile(place, "system:kube-controller-manager")}`,
        `--service-account-private-key-file=${at("service-account.key")}`,
        `--root-ca-file=${certificateFile(place)}`,
        "--use-service-account-credentials",
        // Where no kubelet tells of the nodes, they would all be lost.
        ...(hasNode ? [] : ["--controllers=*,-node-lifecycle-controller"]),
      ],
      () => answers(`https://${address}:10257/healthz`),
    ),
    program(
      "kube-scheduler",
      [
        ...manager,
        `--kubeconfig=${kubeconfigFile(place, "system:kube-scheduler")}`,
        // Volumes are bound here the moment that a pod asks for them. A scheduler busy with that very pod can miss it,
        // and would look again after five minutes.
        "--pod-max-in-unschedulable-pods-duration=1s",
      ],
      () => answers(`https://${address}:10259/healthz`),
    ),
  ];
}

/** Whether that URL answers 200; who answers is verified where the API server's certificate is meant. */
function answers(url: string, place?: Place): Promise<boolean> {
  const headers = place ? { authorization: `Bearer ${readFileSync(tokenFile(place, "admin"), "utf8")}` } : {};
  const trust = place ? { ca: readFileSync(certificateFile(place)) } : { rejectUnauthorized: false };
  return new Promise((resolve, reject) => {
    https
      .get(url, { headers, ...trust, agent: false, timeout: 2000 }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      })
      .on("timeout", () => reject(new Error(`${url} does not answer`)))
      .on("error", reject);
  });
}
