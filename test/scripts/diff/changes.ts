import type { NetworkInput } from "generators/network/schema.ts";
import type { Edit } from "../../support/diff.ts";
import { rpcNodes } from "../../support/keyless.ts";
import { inventedValidators, staging } from "../../support/networks.ts";
import { snapshots } from "../../support/snapshots.ts";

/** A change of the description of staging: what it was, what it is, and what is said of the push, a part of each sentence. */
export interface Change {
  what: string;
  was?: Edit;
  is: Edit;
  says: string[];
}

const gke = (change: Partial<NonNullable<NetworkInput["gke"]>>): Edit => ({
  gke: { ...staging.gke, ...change } as NetworkInput["gke"],
});
const config = (values: object): Edit => ({ settings: { config: values } }) as Edit;
const app = (values: object): Edit => ({ settings: { app: values } }) as Edit;
const tag = (name: string): Edit => ({ image: { ...staging.image, tag: name } });
const paused = (...indexes: number[]): Edit => ({
  paused: indexes.map((validator) => ({ validator, reason: "its machine burned down" })),
});
const asleep = (index: number): Edit => ({ maintenance: [{ validator: index, reason: "its database is mended" }] });
/** A chain of which no table says at which heights it changes releases. */
const elsewhere: Edit = { chain: { ...staging.chain, id: "mezo_31611-10" } };
/** What validators from v0.3.0 on ask for prices. */
const connect: Edit = {
  connectSidecar: { image: { digest: `sha256:${"ab".repeat(32)}` }, resources: { cpu: "100m", memory: "256Mi" } },
} as Edit;
const next: Edit = { ...tag("v0.3.0-rc3"), ...connect };
const planned: Edit = { ...gke({ version: "1.35" }), ...connect };
const plan = (height = 1_093_500): Edit => ({ ...planned, upgrade: { name: "v0.3.0", height, tag: "v0.3.0-rc3" } });
const many = (count: number): Edit => ({
  validators: inventedValidators(count),
  genesis: { ...staging.genesis, params: { poa: { max_validators: count } } } as NetworkInput["genesis"],
  ...gke({ nodes: count }),
});

/** Machines with room for more nodes, which say nothing of addresses of seeds. */
const roomy = gke({ machine: { cpu: "16", memory: "64Gi" }, nodes: 5 });
const rpc: Edit = { rpcNodes };

const inOrder =
  "restarts validators: mezo-node-0 to mezo-node-4 restart one after the other, in this order, which takes about 11 minutes.";
const one = (index: number) => `restarts validators: mezo-node-${index} restarts, which takes about 2 minutes.`;

export const changes: Change[] = [
  { what: "nothing", is: {}, says: [] },
  { what: "a setting of the node", is: config({ mempool: { size: 20000 } }), says: [inOrder] },
  {
    what: "a timeout of consensus",
    is: config({ consensus: { timeout_commit: "4s" } }),
    says: ["restarts validators: mezo-node-0 to mezo-node-4 restart one after the other"],
  },
  { what: "a setting back", was: config({ mempool: { size: 20000 } }), is: {}, says: [inOrder] },
  {
    what: "one validator's setting",
    is: { perValidator: [{ validator: 3, settings: { app: { pruning: "default" } } }] } as Edit,
    says: [one(3), "changes without a restart: ConfigMap/mezo-node-3-config is new."],
  },
  {
    what: "RPC nodes declared",
    was: { ...roomy, expose: ["p2p"] },
    is: { ...roomy, ...rpc, expose: ["p2p"] },
    says: [
      "becomes public or loses protection: mezo-node-0 to mezo-node-4 can be reached from the pods with app=mezo,type=rpc-node at 26657",
      "restarts something else: StatefulSet/mezo-rpc-node: pods start for the first time.",
    ],
  },
  {
    what: "JSON-RPC on its way to RPC nodes",
    was: { ...roomy, ...rpc },
    is: { ...roomy, ...rpc, jsonRpcServedBy: "both" },
    says: [
      "changes without a restart: JSON-RPC is answered by all validators and the first RPC node, not by validators alone.",
    ],
  },
  {
    what: "JSON-RPC at RPC nodes, without both in between",
    was: { ...roomy, ...rpc, expose: ["p2p"] },
    is: { ...roomy, ...rpc, expose: ["p2p"], jsonRpcServedBy: "rpcNodes" },
    says: [
      "restarts something else: Service/mezo-rpc spec.selector: leads to RPC nodes, and at commit abc1234 it led to validators alone",
      "changes without a restart: JSON-RPC is answered by RPC nodes alone, not by validators alone.",
    ],
  },
  {
    what: "an RPC node's setting, and a namespace more",
    was: { ...roomy, ...rpc },
    is: {
      ...roomy,
      rpcNodes: { ...rpc.rpcNodes, settings: { app: { "json-rpc": { api: "eth,net,web3,txpool" } } } },
    } as Edit,
    says: [
      "becomes public or loses protection: JSON-RPC answers the namespace txpool, too.",
      "restarts something else: StatefulSet/mezo-rpc-node: pods restart.",
    ],
  },
  {
    what: "RPC nodes' volumes of another snapshot",
    was: { ...roomy, ...rpc },
    is: {
      ...roomy,
      rpcNodes: { ...rpc.rpcNodes, storage: { ...rpc.rpcNodes?.storage, from: { snapshot: "mezo-1" } } },
    } as Edit,
    says: ["loses a volume: StatefulSet/mezo-rpc-node spec.volumeClaimTemplates[0].spec.dataSource"],
  },
  {
    what: "a namespace more in JSON-RPC",
    is: app({ "json-rpc": { api: "eth,net,web3,txpool" } }),
    says: ["becomes public or loses protection: JSON-RPC answers the namespace txpool, too.", inOrder],
  },
  {
    what: "REST",
    is: app({ api: { enable: true } }),
    says: ["becomes public or loses protection: app.toml api.enable is on", inOrder],
  },
  { what: "more memory", is: { resources: { cpu: "2", memory: "10500Mi" } }, says: [inOrder] },
  { what: "less CPU", is: { resources: { cpu: "1", memory: "10Gi" } }, says: [inOrder] },
  { what: "another image of the same line", is: tag("v0.2.0-rc2"), says: [inOrder] },
  {
    what: "an image of the next line",
    is: next,
    says: ["may halt the chain: mezo-node-0 to mezo-node-4 change from v0.2.0-rc3 to v0.3.0-rc3", inOrder],
  },
  {
    what: "an image of the line before",
    was: next,
    is: connect,
    says: [
      "may halt the chain: mezo-node-0 to mezo-node-4 change from v0.3.0-rc3 to v0.2.0-rc3: an older release may not read",
      inOrder,
    ],
  },
  {
    what: "the next line on one validator",
    was: connect,
    is: { ...connect, stagedUpgrade: { tag: "v0.3.0-rc3", validators: [4] } },
    says: ["may halt the chain: mezo-node-4 changes from v0.2.0-rc3 to v0.3.0-rc3", one(4)],
  },
  {
    what: "a planned upgrade",
    was: planned,
    is: plan(),
    says: [
      "may halt the chain: Every validator stops at height 1093501 for the plan v0.3.0, and starts again with v0.3.0-rc3 by itself",
      inOrder,
    ],
  },
  {
    what: "a plan at another height",
    was: { ...plan(), ...elsewhere },
    is: { ...plan(1_100_000), ...elsewhere },
    says: ["may halt the chain: Every validator stops at height 1100001", inOrder],
  },
  {
    what: "a plan dropped",
    was: plan(),
    is: planned,
    says: ["may halt the chain: The pods have no v0.3.0-rc3 for the plan v0.3.0 any more", inOrder],
  },
  { what: "a plan finished", was: plan(), is: { ...planned, ...next }, says: [inOrder] },
  {
    what: "a plan skipped",
    is: { emergency: { skipUpgrades: [1_000_000] } },
    says: ["may halt the chain: mezo-node-0 to mezo-node-4 pass 1000000 without an upgrade", inOrder],
  },
  {
    what: "all at once, alone",
    is: { rollout: "all-at-once" },
    says: ["becomes public or loses protection: No gate asks", "changes without a restart: ConfigMap/mezo-gate-1-done"],
  },
  {
    what: "all at once, with a setting",
    is: { rollout: "all-at-once", ...config({ mempool: { size: 20000 } }) },
    says: [
      "halts the chain: mezo-node-0 to mezo-node-4 restart at once",
      "becomes public or loses protection: No gate asks",
      "restarts validators: mezo-node-0 to mezo-node-4 restart at once, which takes about 2 minutes.",
    ],
  },
  {
    what: "a halt at a height",
    is: { rollout: "all-at-once", ...app({ "halt-height": 900_000 }) },
    says: ["halts the chain: Every node stops at height 900000"],
  },
  { what: "another order", is: { rollout: { order: [4] } }, says: ["changes without a restart: "] },
  {
    what: "another order with a setting",
    is: { rollout: { order: [4] }, ...config({ mempool: { size: 20000 } }) },
    says: ["restarts validators: mezo-node-4 and mezo-node-0 to mezo-node-3 restart one after the other"],
  },
  {
    what: "one paused",
    is: paused(4),
    says: [
      "may halt the chain: mezo-node-4 stops: the chain of 5 spares 1, so one more that fails halts it. Reason: its machine burned down.",
      "restarts validators: mezo-node-4 stops.",
    ],
  },
  {
    what: "two paused",
    is: paused(3, 4),
    says: [
      "halts the chain: mezo-node-3 and mezo-node-4 stop: 2 of 5 validators are down then, and the chain of 5 spares 1.",
      "restarts validators: mezo-node-3 stops.",
    ],
  },
  { what: "one that runs again", was: paused(4), is: {}, says: ["restarts validators: mezo-node-4 starts again."] },
  {
    what: "one in maintenance",
    is: asleep(2),
    says: ["may halt the chain: mezo-node-2 stops", "restarts validators: The pod of mezo-node-2 sleeps"],
  },
  {
    what: "a setting while one is paused",
    was: paused(4),
    is: { ...paused(4), ...config({ mempool: { size: 20000 } }) },
    says: [
      "may halt the chain: mezo-node-0 would restart while mezo-node-4 is down",
      "restarts validators: mezo-node-0 to mezo-node-3 restart",
    ],
  },
  {
    what: "ports closed",
    is: { expose: ["p2p"] },
    says: [
      "changes without a restart: mezo-node-0 to mezo-node-4 can no longer be reached from everybody at 26657, 1317, 9090, 8545 and 8546",
    ],
  },
  {
    what: "a port opened",
    was: { expose: ["p2p"] },
    is: { expose: ["p2p", "rpc"] },
    says: [
      "becomes public or loses protection: Service/mezo-node-0 to Service/mezo-node-4 open rpc 26657 to everybody.",
      "becomes public or loses protection: mezo-node-0 to mezo-node-4 can be reached from everybody at 26657, once this cluster enforces policies.",
    ],
  },
  {
    what: "a client",
    was: { expose: ["p2p"] },
    is: { expose: ["p2p"], clients: [{ namespace: "blockscout", ports: ["rpc"] }] },
    says: [
      "becomes public or loses protection: mezo-node-0 to mezo-node-4 can be reached from every pod of the namespaces with kubernetes.io/metadata.name=blockscout at 26657",
    ],
  },
  {
    what: "no monitoring",
    is: { monitoring: undefined } as Edit,
    says: [
      "changes without a restart: mezo-node-0 to mezo-node-4 can no longer be reached from the pods with app.kubernetes.io/name=collector of the namespaces with kubernetes.io/metadata.name=gmp-system at 26660 and 6065",
    ],
  },
  {
    what: "another namespace",
    is: { namespace: "elsewhere" },
    says: [
      "signs from another place: StatefulSet/mezo-node-0 to StatefulSet/mezo-node-4 namespace: the key signs at namespace elsewhere",
    ],
  },
  {
    what: "another namespace after a pause",
    was: paused(0, 1, 2, 3, 4),
    is: { ...paused(0, 1, 2, 3, 4), namespace: "elsewhere" },
    says: [
      "signs from another place: The key of mezo-node-0 to mezo-node-4 signs, once it runs again, at namespace elsewhere, not default.",
    ],
  },
  {
    what: "another cluster",
    is: gke({ cluster: "mezo-other-cluster" }),
    says: ["signs from another place: StatefulSet/mezo-node-0 to StatefulSet/mezo-node-4 cluster"],
  },
  {
    what: "another repository",
    is: { argocd: { ...staging.argocd, repoURL: "https://github.com/fork/mezo-staging.git" } } as Edit,
    says: ["signs from another place: Application/mezo-staging"],
  },
  {
    what: "no Argo CD",
    is: { argocd: undefined } as Edit,
    says: ["signs from another place: Application/mezo-staging", "becomes public or loses protection: No gate asks"],
  },
  {
    what: "larger volumes",
    is: { storage: { ...staging.storage, size: "200Gi" } },
    says: [
      "loses a volume: StatefulSet/mezo-node-0 to StatefulSet/mezo-node-4 spec.volumeClaimTemplates[0].spec.resources.requests.storage",
    ],
  },
  {
    what: "another class of volumes",
    is: { storage: { ...staging.storage, className: "standard-rwo" } },
    says: [
      "loses a volume: StatefulSet/mezo-node-0 to StatefulSet/mezo-node-4 spec.volumeClaimTemplates[0].spec.storageClassName",
    ],
  },
  {
    what: "one that may start empty",
    is: { bootstrap: [3] },
    says: ["loses a volume: mezo-node-3 may start with an empty volume", one(3)],
  },
  {
    what: "another chain id",
    is: { chain: { ...staging.chain, id: "mezo_31611-2" } },
    says: ["halts the chain: The chain is mezo_31611-2, not mezo_31611-1"],
  },
  {
    what: "another genesis",
    is: { genesis: { ...staging.genesis, balance: "2000" } as NetworkInput["genesis"] },
    says: ["halts the chain: ConfigMap/mezo-genesis-config", inOrder],
  },
  {
    what: "the host of one",
    is: {
      validators: staging.validators.map((each) => (each.index === 1 ? { ...each, host: "other.example.org" } : each)),
    },
    says: [one(1)],
  },
  { what: "machines of their own", is: { spread: "required", ...gke({ nodes: 5 }) }, says: [inOrder] },
  {
    what: "another port for peers",
    is: { ports: { ...staging.ports, p2p: 26756 } },
    says: ["may halt the chain: mezo-node-0 to mezo-node-4 listen for peers at port 26756, not 26656"],
  },
  { what: "peers by public names", is: { peering: "hosts" }, says: [inOrder] },
  {
    what: "a peer outside",
    is: { peers: [{ name: "friend", nodeId: "ab".repeat(20), address: "peer.example.org:26656" }] } as Edit,
    says: [inOrder],
  },
  {
    what: "memory of the sidecar",
    is: { ethereumSidecar: { ...staging.ethereumSidecar, resources: { cpu: "250m", memory: "600Mi" } } },
    says: ["restarts something else: Deployment/ethereum-sidecar: pods restart."],
  },
  {
    what: "a port of Ethereum nodes",
    is: { ethereumSidecar: { ...staging.ethereumSidecar, ethereumPorts: [443, 8545] } },
    says: ["becomes public or loses protection: ethereum-sidecar can reach everybody at 8545"],
  },
  {
    what: "other reserved addresses",
    is: gke({ nodeAddress: "mezo-other-{index}" }),
    says: ["changes without a restart: Service/mezo-node-0 to Service/mezo-node-4 change in place."],
  },
  {
    what: "another certificate",
    is: gke({ jsonRpc: { address: "mezo-staging-rpc-external-ip", certificate: "other" } }),
    says: ["changes without a restart: Ingress/mezo-rpc changes in place."],
  },
  { what: "policies that are enforced", is: gke({ networkPolicies: "enforced" }), says: [] },
  {
    what: "a risk that is accepted",
    is: { accept: [{ risk: "halts the chain", reason: "a planned halt in the spring", until: "2999-01-01" }] },
    says: [],
  },
  {
    what: "one that leaves",
    is: { validators: staging.validators.slice(0, 4), retired: [4] },
    says: [
      "halts the chain: ConfigMap/mezo-genesis-config",
      "may halt the chain: StatefulSet/mezo-node-4: is gone, but was not paused",
      "changes without a restart: Service/mezo-node-4 and StatefulSet/mezo-node-4 are deleted only after `argocd app confirm-deletion`",
    ],
  },
  {
    what: "two at a time of seven",
    was: { ...many(7), rollout: { batch: 2 } },
    is: { ...many(7), rollout: { batch: 2 }, ...config({ mempool: { size: 20000 } }) },
    says: [
      "restarts validators: The validators restart in 4 batches, mezo-node-0 and mezo-node-1; then mezo-node-2 and mezo-node-3",
    ],
  },
  {
    what: "a validator of three",
    was: many(3),
    is: { ...many(3), perValidator: [{ validator: 1, settings: { app: { pruning: "default" } } }] } as Edit,
    says: ["halts the chain: mezo-node-1 restarts: the chain of 3 spares 0"],
  },
  {
    what: "snapshots of volumes",
    was: { ...roomy, ...rpc },
    is: { ...roomy, ...rpc, snapshots },
    says: [
      "changes without a restart: Snapshots of the volumes of mezo-rpc-node-0 and mezo-node-3-0 are made from now on (0 3 * * * in UTC), and 7 of each are kept. No pod restarts. The job that makes them has a token of the Kubernetes API, which can make and delete VolumeSnapshots in the namespace and nothing else.",
      "changes without a restart: ServiceAccount/mezo-snapshots,",
    ],
  },
  {
    what: "snapshots of another volume, at another time, of which fewer are kept",
    was: { ...roomy, ...rpc, snapshots },
    is: { ...roomy, ...rpc, snapshots: { of: [{ rpcNode: 1 }, { validator: 3 }], schedule: "0 4 * * *", keep: 3 } },
    says: [
      "becomes public or loses protection: No more snapshots are made of the volumes of mezo-rpc-node-0; those that there are stay, and nobody deletes any of them from now on.",
      "becomes public or loses protection: 3 snapshots of each volume are kept, not 7: the next run deletes older ones.",
      "changes without a restart: Snapshots of the volumes of mezo-rpc-node-1 are made, too. No pod restarts.",
      "changes without a restart: Snapshots are made at other times: 0 4 * * * in UTC, not 0 3 * * *.",
    ],
  },
  {
    what: "snapshots of which more are kept, by another driver",
    was: { ...roomy, ...rpc, snapshots },
    is: { ...roomy, ...rpc, snapshots: { ...snapshots, keep: 9, driver: "filestore.csi.storage.gke.io" } },
    says: [
      "changes without a restart: 9 snapshots of each volume are kept, not 7.",
      "changes without a restart: Snapshots are made by the driver filestore.csi.storage.gke.io, not pd.csi.storage.gke.io; those that there are keep theirs.",
    ],
  },
  {
    what: "no snapshots any more",
    was: { ...roomy, ...rpc, snapshots },
    is: { ...roomy, ...rpc },
    says: [
      "becomes public or loses protection: No more snapshots are made, of the volumes of mezo-rpc-node-0 and mezo-node-3-0. No pod restarts. Those that there are stay, and can be used without their class; nobody deletes any of them from now on.",
      "are pruned at the end of the sync.",
    ],
  },
];
