import { readFileSync, writeFileSync } from "node:fs";
import https from "node:https";
import { join } from "node:path";
import type { ClusterLocation } from "../location.ts";
import { serviceRange } from "../node/addresses.ts";
import type { Program } from "../process/program.ts";
import {
  apiServerCertificate,
  apiServerPort,
  kubeconfigFile,
  serviceAccountKeys,
  tokenFile,
  tokensFile,
  writeCredentials,
} from "./credentials.ts";

const egressFile = ({ folder }: ClusterLocation) => join(folder, "egress.json");
const pkiFolder = ({ folder }: ClusterLocation) => join(folder, "pki");

/** Writes everything that the control plane's programs read. */
export function writeControlPlaneFiles(location: ClusterLocation): void {
  writeCredentials(location);
  // No host knows a route to the pods' addresses. The API server reaches them through a tunnel, as GKE's does.
  const connection = { proxyProtocol: "HTTPConnect", transport: { uds: { udsName: location.tunnel } } };
  const egress = {
    apiVersion: "apiserver.k8s.io/v1beta1",
    kind: "EgressSelectorConfiguration",
    egressSelections: [{ name: "cluster", connection }],
  };
  writeFileSync(egressFile(location), JSON.stringify(egress));
}

/** The programs of a control plane, by when they start: etcd, then the API server, then the others. */
export function controlPlane(location: ClusterLocation, command: string, { hasNode }: { hasNode: boolean }) {
  // One binary is all of them; its first argument says which.
  const program = ({ name, args, isReady }: Omit<Program, "command">): Program => ({
    name,
    command,
    args: [name, ...args],
    isReady,
  });
  return {
    etcd: program(etcd(location)),
    apiServer: program(apiServer(location)),
    managers: [program(controllerManager(location, hasNode)), program(scheduler(location))],
  };
}

const etcdUrl = ({ address }: ClusterLocation) => `http://${address}:2379`;

function etcd(location: ClusterLocation): Omit<Program, "command"> {
  const peer = `http://${location.address}:2380`;
  return {
    name: "etcd",
    args: [
      `--data-dir=${join(location.folder, "etcd")}`,
      `--listen-client-urls=${etcdUrl(location)}`,
      `--advertise-client-urls=${etcdUrl(location)}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      // Its data need not survive a crash of the machine.
      "--unsafe-no-fsync",
    ],
    isReady: async () => (await fetch(`${etcdUrl(location)}/health`)).ok,
  };
}

function apiServer(location: ClusterLocation): Omit<Program, "command"> {
  const { address } = location;
  const { publicKey, privateKey } = serviceAccountKeys(location);
  return {
    name: "kube-apiserver",
    args: [
      `--etcd-servers=${etcdUrl(location)}`,
      `--bind-address=${address}`,
      `--secure-port=${apiServerPort}`,
      `--cert-dir=${pkiFolder(location)}`,
      `--token-auth-file=${tokensFile(location)}`,
      "--authorization-mode=Node,RBAC",
      `--service-cluster-ip-range=${serviceRange}`,
      "--service-account-issuer=https://kubernetes.default.svc",
      `--service-account-key-file=${publicKey}`,
      `--service-account-signing-key-file=${privateKey}`,
      `--egress-selector-config-file=${egressFile(location)}`,
      // Nobody outside the cluster resolves a node's name.
      "--kubelet-preferred-address-types=InternalIP",
      // Endpoints on loopback are invalid.
      "--endpoint-reconciler-type=none",
    ],
    isReady: () => {
      const token = readFileSync(tokenFile(location, "admin"), "utf8");
      const ca = readFileSync(apiServerCertificate(location));
      return answersOk(`https://${address}:${apiServerPort}/readyz`, {
        headers: { authorization: `Bearer ${token}` },
        ca,
      });
    },
  };
}

const managerArguments = (location: ClusterLocation) => [
  `--bind-address=${location.address}`,
  "--leader-elect=false",
  `--cert-dir=${pkiFolder(location)}`,
];

const controllerManager = (location: ClusterLocation, hasNode: boolean): Omit<Program, "command"> => ({
  name: "kube-controller-manager",
  args: [
    ...managerArguments(location),
    `--kubeconfig=${kubeconfigFile(location, "system:kube-controller-manager")}`,
    `--service-account-private-key-file=${serviceAccountKeys(location).privateKey}`,
    `--root-ca-file=${apiServerCertificate(location)}`,
    "--use-service-account-credentials",
    // Without kubelets that report, it would take all nodes for lost.
    ...(hasNode ? [] : ["--controllers=*,-node-lifecycle-controller"]),
  ],
  isReady: () => answersOk(`https://${location.address}:10257/healthz`, { rejectUnauthorized: false }),
});

const scheduler = (location: ClusterLocation): Omit<Program, "command"> => ({
  name: "kube-scheduler",
  args: [
    ...managerArguments(location),
    `--kubeconfig=${kubeconfigFile(location, "system:kube-scheduler")}`,
    // Volumes are bound here the moment that a pod asks for them. A scheduler busy with that very pod can miss it, and
    // would look again only after five minutes.
    "--pod-max-in-unschedulable-pods-duration=1s",
  ],
  isReady: () => answersOk(`https://${location.address}:10259/healthz`, { rejectUnauthorized: false }),
});

/** Whether a URL answers with 200. */
const answersOk = (url: string, options: https.RequestOptions): Promise<boolean> =>
  new Promise((resolve, reject) => {
    https
      .get(url, { ...options, agent: false, timeout: 2000 }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      })
      .on("timeout", () => reject(new Error(`${url} does not answer`)))
      .on("error", reject);
  });
