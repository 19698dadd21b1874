import { type Row, rowsOf } from "./row.ts";

/** What the overlay with RPC nodes and seeds is called here. */
export const withRpcNodes = "with RPC nodes";

const pod = "spec.template.spec";
const node = `${pod}.containers[0]`;
const proxy = `${pod}.containers[1]`;
const claim = "spec.volumeClaimTemplates[0]";
const wave = 'metadata.annotations["argocd.argoproj.io/sync-wave"]';
const removed = undefined;

/** Nodes without keys: what would give them a key, take JSON-RPC away, or open more than is meant. */
export const keyless: Row[] = [
  ...rowsOf("StatefulSet/mezo-rpc-node", [
    [
      `${pod}.volumes[5]`,
      { name: "keys", secret: { secretName: "mezo-node-0-keystore" } },
      "a pod that the public asks holds a validator's keys",
      "valid-keyless-nodes",
    ],
    [`${pod}.initContainers`, removed, "nobody looks for a validator's key on the volume", "valid-keyless-nodes"],
    [`${pod}.volumes[2].emptyDir`, {}, "the key that it makes outlives its pod", "valid-keyless-nodes"],
    [`${node}.volumeMounts[3].name`, "mezo-rpc-node-data", "the key that it makes is copied", "valid-keyless-nodes"],
    [`${node}.env[2].value`, "data/node_key.json", "two copies of a volume are one node", "valid-keyless-nodes"],
    [`${node}.args[3]`, "mezo-node-0", "it gives itself out for a validator", "valid-keyless-nodes"],
    [proxy, removed, "nobody listens where everybody asks", "valid-keyless-nodes"],
    [`${proxy}.command[3]`, "/tmp/Caddyfile", "it reads what nobody has reviewed", "valid-keyless-nodes"],
    [`${proxy}.image`, "caddy:latest", "it is another program tomorrow", "require-pinned-image"],
    [
      `${proxy}.securityContext.capabilities.add[0]`,
      "NET_ADMIN",
      "it may lead traffic elsewhere",
      "valid-keyless-nodes",
    ],
    [`${proxy}.ports[0].name`, "other", "JSON-RPC leads to nobody", "valid-keyless-nodes"],
    [`${proxy}.readinessProbe`, removed, "it is asked before it listens", "valid-keyless-nodes"],
    ["spec.replicas", 1, "nobody answers while it restarts", "require-spare-rpc-nodes"],
    ["spec.podManagementPolicy", "OrderedReady", "one that is never ready takes no correction", "valid-keyless-nodes"],
    ["spec.updateStrategy.type", "OnDelete", "no push reaches it", "valid-keyless-nodes"],
    [wave, "2", "validators wait until it has caught up", "valid-keyless-nodes"],
    ["spec.template.metadata.labels.type", "node", "it counts as a validator", "valid-keyless-nodes"],
    [`${node}.resources.limits`, removed, "it takes the memory of a validator", "require-guaranteed-memory"],
    [`${pod}.terminationGracePeriodSeconds`, 30, "it is killed while it closes its database", "valid-keyless-nodes"],
    [`${claim}.spec.accessModes[0]`, "ReadWriteMany", "two pods write one database", "valid-keyless-nodes"],
    ["", removed, "nobody answers", "valid-keyless-nodes"],
  ]),
  ...rowsOf("StatefulSet/mezo-node-1", [
    [
      `${claim}.spec.dataSource`,
      { apiGroup: "snapshot.storage.k8s.io", kind: "VolumeSnapshot", name: "old" },
      "it signs again what it has signed since",
      "no-restored-validators",
    ],
  ]),
  ...rowsOf("StatefulSet/mezo-seed", [
    ["spec.ordinals", removed, "JSON-RPC leads to a seed on its way to RPC nodes", "valid-keyless-nodes"],
    [`${node}.ports[2].name`, "json-rpc", "JSON-RPC leads to a seed", "valid-keyless-nodes"],
  ]),
  ...rowsOf("ConfigMap/mezo-rpc-node-config", [
    ["config.toml priv_validator_key_file", "data/key.json", "the key that it makes is kept", "valid-node-files"],
    ["config.toml priv_validator_state_file", "data/state.json", "a state without its key", "valid-node-files"],
    ["config.toml p2p.persistent_peers", "", "it gets no block", "require-full-peer-mesh"],
    ["config.toml p2p.pex", true, "strangers take its slots for peers", "no-unsafe-settings"],
    ["app.toml json-rpc.address", "0.0.0.0:8545", "its proxy can't listen there", "valid-listen-addresses"],
    ["config.toml rpc.laddr", "tcp://127.0.0.1:26657", "load balancers take it for dead", "valid-listen-addresses"],
    ["app.toml json-rpc.api", "eth,personal", "anybody signs with its keys", "no-unsafe-json-rpc"],
    ["app.toml json-rpc.enable", false, "nobody answers", "no-unsafe-settings"],
    ["app.toml json-rpc.max-open-connections", 1, "a single caller shuts out all others", "no-unsafe-settings"],
    [
      "app.toml json-rpc.http-idle-timeout",
      "30s",
      "connections that nobody uses end sooner",
      { nothing: "Its proxy keeps none." },
    ],
    ["client.toml chain-id", "other-1", "its tools ask for another chain", "valid-chain-id"],
    ["", removed, "no RPC node starts", "valid-config-maps"],
  ]),
  ...rowsOf("ConfigMap/mezo-keyless-scripts", [
    ['data["preflight-keyless.sh"]', "exit 0", "nobody looks for a validator's key", "valid-scripts"],
    ['data["readiness-follower.sh"]', "exit 0", "one that lags answers", "valid-scripts"],
    ["data.Caddyfile", ":8545", "nothing is passed on", "valid-scripts"],
    ['data["start-rpc-node.sh"]', removed, "no RPC node starts", "valid-config-maps"],
  ]),
  ...rowsOf("Service/mezo-rpc", [
    ["spec.selector.type", "node", "the public's load is on validators again", "valid-services"],
    ["spec.selector.type", "seed", "nobody answers", "valid-services"],
  ]),
  ...rowsOf("Service/mezo-rpc-node", [
    ["spec.type", "LoadBalancer", "rpc is public", "valid-services"],
    ["spec.ports[3].targetPort", "json-rpc", "two that are down ask each other for ever", "valid-services"],
    ["", removed, "clients find nobody", "valid-services"],
  ]),
  ...rowsOf("Service/mezo-rpc-node-public", [
    [
      'metadata.annotations["networking.gke.io/load-balancer-ip-addresses"]',
      "other",
      "an address that nobody reserved",
      "no-undeclared-cloud-names",
    ],
    ["spec.ports[0].targetPort", "metrics", "metrics are public", "valid-services"],
  ]),
  ...rowsOf("Service/mezo-seed-1", [
    ["spec.selector", { app: "mezo", type: "seed" }, "another seed answers in its name", "valid-services"],
    ["spec.externalTrafficPolicy", "Cluster", "all peers have one address", "require-distinct-peer-addresses"],
  ]),
  ...rowsOf("NetworkPolicy/mezo-rpc-node", [
    ["spec.ingress[0].from", removed, "everybody is a peer", "valid-network-policies"],
    ["spec.egress[1].to", removed, "an intruder reaches the internet", "valid-network-policies"],
    ["spec.ingress[1].from", removed, "every pod asks past the proxies", "valid-network-policies"],
    ["spec.egress[3]", removed, "no node answers for one that is down", "valid-network-policies"],
    ["", removed, "it gets no block", "valid-network-policies"],
  ]),
  ...rowsOf("NetworkPolicy/mezo-node-rpc-nodes", [
    ["spec.ingress[0].from", removed, "validators' rpc answers everybody", "valid-network-policies"],
    ["", removed, "no RPC node is ever ready", "valid-network-policies"],
  ]),
  ...rowsOf("NetworkPolicy/mezo-rpc-node-json-rpc", [
    ["", removed, "load balancers take all of them for dead", "require-health-check-traffic"],
    ["spec.ingress[0].from", removed, "every pod asks past the load balancer", "valid-network-policies"],
  ]),
  ...rowsOf("PodDisruptionBudget/mezo-rpc-node", [
    ["spec.maxUnavailable", 2, "a drain takes all of them", "valid-disruption-budget"],
    ["", removed, "a drain takes all of them", "valid-disruption-budget"],
  ]),
  ...rowsOf("PodMonitoring/mezo-rpc-node", [
    ["spec.selector.matchLabels.type", "node", "nobody sees them", "valid-monitoring"],
  ]),
  ...rowsOf("BackendConfig/mezo-rpc-backend-config", [
    ["spec.securityPolicy", removed, "nothing bounds who asks how often", "valid-load-balancers"],
    ["spec.securityPolicy.name", "", "nothing bounds who asks how often", "valid-load-balancers"],
    ["spec.logging.enable", false, "nobody sees who asks", "valid-load-balancers"],
  ]),
].map((row) => ({ ...row, release: withRpcNodes }));
