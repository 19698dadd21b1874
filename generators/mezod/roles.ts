import { hasMixedArchives, type KeylessKind, ownPort } from "../network/keyless.ts";
import { nodeName, serviceHost } from "../network/names.ts";
import type { Network } from "../network/schema.ts";
import type { FileName } from "./files.ts";
import { type Settings, setAt } from "./settings.ts";
import type { TomlTable, TomlValue } from "./toml.ts";

/** Where in its home a node without a validator's key has the key that it makes for itself with each pod: nothing keeps it. */
export const ownSignerFolder = "signer";

/** A key that makes a node what it is. */
interface Kept {
  file: FileName;
  path: string;
  value: TomlValue;
  because: string;
}

const answers = "an RPC node is there to answer";
const apart = "validators alone are its peers: nobody else needs it, and it needs nobody else";
const small = "a seed tells others whom to dial, and answers nothing else";
const noKey = "no key of a validator is there, and the one that the node makes must not outlive its pod";

/**
 * What each kind of node has otherwise than a validator, whatever its `settings` say.
 *
 * Without priv_validator_key.json a node makes a key, and signs as soon as the chain counts that key among its validators
 * (CometBFT's LoadOrGenFilePV and signAddVote). So each pod makes one of its own in memory: nobody can have registered it
 * before, and none of it is left when the pod is gone, so it can never sign twice. The key and its state lie beside each
 * other, and the state of a validator that came with a snapshot of its volume is neither read nor written.
 */
const kept: Record<KeylessKind, readonly Kept[]> = {
  "rpc-node": [
    { file: "app", path: "json-rpc.enable", value: true, because: answers },
    { file: "config", path: "tx_index.indexer", value: "kv", because: "JSON-RPC looks transactions up there" },
    { file: "config", path: "p2p.pex", value: false, because: apart },
    { file: "config", path: "p2p.seed_mode", value: false, because: "a seed disconnects from its peers" },
  ],
  seed: [
    { file: "app", path: "pruning", value: "everything", because: small },
    { file: "app", path: "state-sync.snapshot-interval", value: 0, because: small },
    { file: "app", path: "api.enable", value: false, because: small },
    { file: "app", path: "grpc.enable", value: false, because: small },
    { file: "app", path: "json-rpc.enable", value: false, because: small },
    { file: "config", path: "tx_index.indexer", value: "null", because: small },
    { file: "config", path: "p2p.pex", value: true, because: "that is how it learns of nodes, and tells of them" },
    {
      file: "config",
      path: "p2p.seed_mode",
      value: true,
      because: "it would keep its peers, and have no room for others",
    },
  ],
};

const ofEvery: readonly Kept[] = [
  {
    file: "config",
    path: "priv_validator_key_file",
    value: `${ownSignerFolder}/priv_validator_key.json`,
    because: noKey,
  },
  {
    file: "config",
    path: "priv_validator_state_file",
    value: `${ownSignerFolder}/priv_validator_state.json`,
    because: noKey,
  },
  // An environment variable says which file it is: a volume that is a copy of another pod's has that one's, too.
  { file: "config", path: "node_key_file", value: "data/node_key.json", because: "each node makes one on its volume" },
];

/** The keys that a kind of node has whatever its settings say. */
export const keptKeys = (kind: KeylessKind): readonly Kept[] => [...ofEvery, ...kept[kind]];

// As many requests and idle connections as a node of the documented size bears. One more waits until another one ends.
const mostConnections = 1000;

/** What a network's node of a kind has otherwise than its validators, over their settings and below its own. */
export function roleSettings(network: Network, kind: KeylessKind, file: FileName): Settings {
  const settings: TomlTable = {};
  const put = (path: string, value: TomlValue) => setAt(settings, path.split("."), value);
  for (const { path, value } of keptKeys(kind).filter((each) => each.file === file)) put(path, value);
  if (file === "config") put("p2p.persistent_peers", ownValidators(network).join(","));
  if (file === "app" && kind === "rpc-node") {
    put("json-rpc.max-open-connections", mostConnections);
    // A copy of a validator's volume has no such index, and finds older transactions without it alone: so it may be set.
    put("json-rpc.enable-indexer", true);
    // The proxy before it listens where everybody asks.
    put("json-rpc.address", `0.0.0.0:${ownPort(network, "json-rpc")}`);
    put("json-rpc.ws-address", `0.0.0.0:${ownPort(network, "json-rpc-ws")}`);
    // Of the SDK's kinds the one that keeps three weeks of states.
    if (hasMixedArchives(network)) put("pruning", "default");
    else if (network.rpcNodes?.archive !== undefined) put("pruning", "nothing");
  }
  return settings;
}

/** Whom nodes without keys dial: the network's validators, inside the cluster whatever `peering` says. */
export const ownValidators = (network: Network): string[] =>
  network.validators.map(
    ({ index, nodeId }) => `${nodeId}@${serviceHost(network, nodeName(network, index))}:${network.ports.p2p}`,
  );
