import { mkdirSync, writeFileSync } from "node:fs";
import { isTrue, type Kube } from "../kubernetes/client.ts";
import { type ClusterLocation, nodePath, podLogsFolder } from "../location.ts";
import { kubeconfigFile } from "../parts/credentials.ts";
import type { Program } from "../process/program.ts";
import { kubeletUser, nodeAddress, nodeName, podRange } from "./addresses.ts";
import { cgroupName } from "./cgroups.ts";
import { containerdSocket } from "./containerd.ts";
import { inNode } from "./namespaces.ts";

/** kubelet; ready when the API server says that its node is. */
export function kubelet(location: ClusterLocation, command: string, kube: Kube): Program {
  const file = nodePath(location, "kubelet.json");
  mkdirSync(nodePath(location, "kubelet"));
  // Empty, so that names outside the cluster resolve to nothing.
  writeFileSync(nodePath(location, "resolv.conf"), "");
  writeFileSync(file, JSON.stringify(kubeletSettings(location)));
  return inNode(location, {
    name: "kubelet",
    command,
    args: [
      "kubelet",
      `--config=${file}`,
      `--kubeconfig=${kubeconfigFile(location, kubeletUser)}`,
      `--root-dir=${nodePath(location, "kubelet")}`,
      `--cert-dir=${nodePath(location, "kubelet/pki")}`,
      `--hostname-override=${nodeName}`,
      `--node-ip=${nodeAddress}`,
      "--node-labels=topology.kubernetes.io/zone=zone-0",
    ],
    isReady: async () => isTrue(await kube.get({ apiVersion: "v1", kind: "Node", name: nodeName }), "Ready"),
  });
}

const kubeletSettings = (location: ClusterLocation) => ({
  apiVersion: "kubelet.config.k8s.io/v1beta1",
  kind: "KubeletConfiguration",
  address: nodeAddress,
  containerRuntimeEndpoint: `unix://${containerdSocket(location)}`,
  cgroupRoot: `/${cgroupName(location)}`,
  // Not every machine has cgroup v2.
  failCgroupV1: false,
  podLogsDir: podLogsFolder(location),
  clusterDNS: [nodeAddress],
  clusterDomain: "cluster.local",
  resolvConf: nodePath(location, "resolv.conf"),
  // A container that fails is started again within seconds, not minutes.
  crashLoopBackOff: { maxContainerRestartPeriod: "5s" },
  // Only the API server and the node's pods are in this network.
  authentication: { anonymous: { enabled: true }, webhook: { enabled: false } },
  authorization: { mode: "AlwaysAllow" },
  // How full a volume is shows within seconds, not a minute.
  volumeStatsAggPeriod: "10s",
  // The machine does other work, too, so how full it is says nothing about this node.
  evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%" },
  imageGCHighThresholdPercent: 100,
  enforceNodeAllocatable: [],
  failSwapOn: false,
  makeIPTablesUtilChains: false,
});

/** kube-proxy, which routes Services by nftables. */
export function kubeProxy(location: ClusterLocation, command: string): Program {
  const file = nodePath(location, "kube-proxy.json");
  writeFileSync(file, JSON.stringify(proxySettings(location)));
  return inNode(location, {
    name: "kube-proxy",
    command,
    args: ["kube-proxy", `--config=${file}`, `--hostname-override=${nodeName}`],
    // Its work shows when the first pod is reached.
    isReady: () => true,
  });
}

const proxySettings = (location: ClusterLocation) => ({
  apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
  kind: "KubeProxyConfiguration",
  clientConnection: { kubeconfig: kubeconfigFile(location, "system:kube-proxy") },
  mode: "nftables",
  clusterCIDR: podRange,
  healthzBindAddress: "127.0.0.1:10256",
  metricsBindAddress: "127.0.0.1:10249",
  // These belong to the kernel of the whole machine, so the node leaves them alone.
  conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
});
