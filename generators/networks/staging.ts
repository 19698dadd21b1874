import type { NetworkDeclaration } from "../network/schema.ts";

export default {
  name: "staging",
  app: "mezo",
  namespace: "default",
  // The network runs: its names, selectors and volume claims must stay, and Argo CD adopts the objects in place.
  lifecycle: "adopted",
  chain: { id: "mezo_31611-1", denom: "abtc", bech32Prefix: "mezo" },
  image: {
    repository: "us-central1-docker.pkg.dev/mezo-test-420708/mezo-staging-docker-internal/mezo-node",
    tag: "v0.2.0-rc3",
  },
  genesis: {
    kind: "composed",
    appVersion: "0.1.0-106-g559f1366",
    time: "2024-10-30T10:44:18.472565Z",
    balance: "1000000000000000000000",
    accounts: [{ name: "faucet", accountAddress: "c2a912d17e0dfae27e17ef0cf3baf5bec659a6ea" }],
  },
  // All that the live network offers, and that its users ask for. docs/runbooks/close-ports.md says how ports are closed.
  expose: ["p2p", "rpc", "api", "grpc", "json-rpc", "json-rpc-ws"],
  // Inside the cluster, so that blocks depend neither on public DNS nor on load balancers. Others dial the hosts.
  peering: "services",
  rollout: "one-at-a-time",
  // A machine in each of three zones carries two validators, and their disks can't leave the zone. "required" needs five.
  spread: "preferred",
  // Two validators, the sidecar, a gate and what `gke.reserved` says must fit on one machine, which has 27.6 GiB for pods.
  // The live network asked for 8096Mi, without a limit; the chain's documentation wants a machine with 16 GB for each.
  resources: { cpu: "2", memory: "10Gi" },
  storage: { size: "100Gi", className: "premium-rwo", accessMode: "ReadWriteOnce" },
  ethereumSidecar: {
    ethereumPorts: [443],
    resources: { cpu: "250m", memory: "512Mi" },
  },
  monitoring: { kind: "gmp", namespace: "gmp-system" },
  gke: {
    project: "mezo-test-420708",
    cluster: "mezo-staging-gke-cluster",
    region: "us-central1",
    version: "1.33",
    machine: "n2-standard-8",
    nodes: 3,
    // An assumption, which nobody has measured: what Blockscout with its Postgres, the bridge worker and the faucet request if
    // all of them are on one machine, and GKE's own pods there. `kubectl describe node` shows the real figures.
    reserved: { cpu: "3", memory: "6Gi" },
    // The live cluster has the data plane of kube-proxy, and no enforcement was switched on.
    networkPolicies: "ignored",
    nodeAddress: "mezo-staging-node-{index}-external-ip",
    jsonRpc: { address: "mezo-staging-rpc-external-ip", certificate: "mezo-staging-rpc-ssl-certificate" },
    jsonRpcWs: { address: "mezo-staging-rpc-ws-external-ip", certificate: "mezo-staging-rpc-ws-ssl-certificate" },
  },
  argocd: { repoURL: "https://github.com/mezo-org/mezo-staging.git", revision: "main" },
} satisfies NetworkDeclaration;
