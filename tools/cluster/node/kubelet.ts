import { mkdirSync, writeFileSync } from "node:fs";
import { kubeconfigFile } from "../control-plane.ts";
import { holdsTrue, type Kube } from "../kube.ts";
import type { Place } from "../location.ts";
import { podLogsFolder } from "../logs.ts";
import type { Program } from "../supervisor.ts";
import { containerdSocket } from "./containerd.ts";
import { cgroup, inNode, kubeletUser, nodeAddress, nodeName, nodePath, podRange } from "./machine.ts";

/** kubelet; ready when the API server says that its node is. */
export function kubelet(place: Place, command: string, kube: Kube): Program {
  const file = nodePath(place, "kubelet.json");
  mkdirSync(nodePath(place, "kubelet"));
  // Names that are not the cluster's lead nowhere.
  writeFileSync(nodePath(place, "resolv.conf"), "");
  writeFileSync(file, JSON.stringify(kubeletSettings(place)));
  return inNode(place, {
    name: "kubelet",
    command,
    args: [
      "kubelet",
      `--config=${file}`,
      `--kubeconfig=${kubeconfigFile(place, kubeletUser)}`,
      `--root-dir=${nodePath(place, "kubelet")}`,
      `--cert-dir=${nodePath(place, "kubelet/pki")}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${nodeAddress}`,
      "--node-labels=topology.kubernetes.io/zone=zone-0",
    ],
    isReady: async () => holdsTrue(await kube.get({ apiVersion: "v1", kind: "Node", name: nodeName }), "Ready"),
  });
}

const kubeletSettings = (place: Place) => ({
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  address: nodeAddress,
  containerRuntimeEndpoint: `unix://${containerdSocket(place)}`,
  cgroupDriver: "cgroupfs",
  cgroupRoot: `/${cgroup(place)}`,
  podLogsDir: podLogsFolder(place),
  clusterDNS: [nodeAddress],
  clusterDomain: "cluster.local",
  resolvConf: nodePath(place, "resolv.conf"),
  // What fails is tried again within seconds, not minutes.
  featureGates: { KubeletCrashLoopBackOffMax: true },
  crashLoopBackOff: { maxContainerRestartPeriod: "5s" },
  // Nobody but the API server is in this network, and its pods.
  authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
  authorization: { mode: "AlwaysAllow" },
  // The machine is shared with whoever works on it: how full it is says nothing of this node.
  evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%" },
  imageGCHighThresholdPercent: 100,
  enforceNodeAllocatable: [],
  failSwapOn: false,
  makeIPTablesUtilChains: false,
});

/** kube-proxy: Services, by nftables. */
export function kubeProxy(place: Place, command: string): Program {
  const file = nodePath(place, "kube-proxy.json");
  writeFileSync(file, JSON.stringify(proxySettings(place)));
  return inNode(place, {
    name: "kube-proxy",
    command,
    args: ["kube-proxy", `--config=${file}`, `--hostname-override=${nodeName}`],
    // What it does shows when the first pod is reached.
    isReady: () => true,
  });
}

const proxySettings = (place: Place) => ({
  apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
  kind: "KubeProxyConfiguration",
  clientConnection: { kubeconfig: kubeconfigFile(place, "system:kube-proxy") },
  mode: "nftables",
  clusterCIDR: podRange,
  healthzBindAddress: "127.0.0.1:10256",
  metricsBindAddress: "127.0.0.1:10249",
  // The kernel's, of the whole machine: not this node's to set.
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
});
