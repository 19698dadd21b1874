import { bounded, derived, fixed, free, type Key, reasoned } from "./key.ts";
import {
  anyText,
  bool,
  commaList,
  duration,
  either,
  list,
  listener,
  nodeIds,
  oneOf,
  path,
  peers,
  quoted,
  text,
  whole,
} from "./kinds.ts";

const nothing = oneOf("");
const maybePath = either(nothing, path);
const maybeListener = either(nothing, listener);
const atLeastZero = duration("0s");
const servers = commaList(text(/^\S+:[1-9]\d{0,4}$/, "a server"), "servers such as http://<host>:26657,");
const levels = "(trace|debug|info|warn|error|fatal|panic|disabled|none)";
const usualLevels = "(debug|info|warn|error)";

const identity = "the node would make a key of its own there, and nobody knows it";
const elsewhere = "the node can write only to data/, and what it signed must be where it looks";
const halts = "blocks wait for it, and the chain comes to a halt";
const voting = "votes would come too late, or rounds would never end";
const busy = "the node would be busy with others' requests, and miss its votes";
const shutOut = "probes, gates and JSON-RPC ask at this port, too";
const memory = "a node keeps this in memory, and one that runs out of it is killed";

/** CometBFT 0.38's config.toml. What it calls wrong is in its `ValidateBasic`, which not every start of a node asks. */
export const configKeys: Record<string, Key> = {
  version: free(text(/^\d+\.\d+\.\d+(-[\w.]+)?$/, "a version of CometBFT")),
  proxy_app: free(listener),
  moniker: derived(anyText),
  db_backend: fixed(
    oneOf("goleveldb", "cleveldb", "boltdb", "rocksdb", "badgerdb", "pebbledb", "memdb"),
    "the volumes hold LevelDB, another backend would find no chain there, and memory loses it with each restart",
  ),
  db_dir: fixed(path, elsewhere),
  log_level: bounded(
    text(new RegExp(`^(${levels}|[\\w*-]+:${levels}(,[\\w*-]+:${levels})*)$`), 'a level such as "info" or "p2p:debug"'),
    text(
      new RegExp(`^(${usualLevels}|[\\w*-]+:${usualLevels}(,[\\w*-]+:${usualLevels})*)$`),
      "debug, info, warn or error",
    ),
    "nobody would read why a node stopped",
  ),
  log_format: free(oneOf("json", "plain")),
  genesis_file: fixed(path, "the genesis is mounted there"),
  priv_validator_key_file: fixed(path, identity),
  priv_validator_state_file: fixed(path, elsewhere),
  priv_validator_laddr: reasoned(
    either(nothing, text(/^(tcp|unix):\/\/\S+$/, "tcp://… or unix://…")),
    "the node would wait for a remote signer",
  ),
  node_key_file: fixed(path, identity),
  abci: free(oneOf("socket", "grpc")),
  filter_peers: reasoned(bool, "the node would ask its application about each peer, which knows none"),

  "rpc.laddr": derived(listener),
  "rpc.cors_allowed_origins": free(list(anyText)),
  "rpc.cors_allowed_methods": free(list(text(/^[A-Z]+$/, "an HTTP method"))),
  "rpc.cors_allowed_headers": free(list(text(/^[\w-]+$/, "the name of a header"))),
  "rpc.grpc_laddr": reasoned(maybeListener, "whoever reaches it can send transactions past JSON-RPC's limits"),
  "rpc.grpc_max_open_connections": free(whole(0)),
  "rpc.unsafe": reasoned(bool, "unsafe RPC lets anyone dial peers and flush the mempool"),
  "rpc.max_open_connections": bounded(whole(0), either(oneOf(0), whole(100, 100_000)), shutOut),
  "rpc.max_subscription_clients": bounded(whole(0), whole(10, 100_000), "JSON-RPC is one of the clients"),
  "rpc.max_subscriptions_per_client": bounded(whole(0), whole(5, 10_000), "JSON-RPC holds several"),
  "rpc.experimental_subscription_buffer_size": bounded(whole(100), whole(100, 100_000), memory),
  "rpc.experimental_websocket_write_buffer_size": bounded(whole(100), whole(100, 100_000), memory),
  "rpc.experimental_close_on_slow_client": reasoned(bool, "JSON-RPC is a client, and would see no more blocks"),
  "rpc.timeout_broadcast_tx_commit": bounded(atLeastZero, duration("1s", "1m"), busy),
  "rpc.max_request_batch_size": bounded(whole(0), whole(1, 1000), busy),
  // Below that the node's own JSON-RPC can't ask it.
  "rpc.max_body_bytes": bounded(
    whole(10_000),
    whole(1_000_000, 100_000_000),
    "transactions would not fit, or too many",
  ),
  "rpc.max_header_bytes": bounded(whole(0), whole(8192, 10_485_760), shutOut),
  "rpc.tls_cert_file": fixed(maybePath, "probes and gates ask without TLS"),
  "rpc.tls_key_file": fixed(maybePath, "probes and gates ask without TLS"),
  "rpc.pprof_laddr": reasoned(
    either(nothing, text(/^[\w.:[\]-]*:\d+$/, "an address such as localhost:6060")),
    "profiles show memory, keys included",
  ),

  "p2p.laddr": derived(listener),
  "p2p.external_address": derived(anyText),
  "p2p.seeds": free(peers),
  "p2p.persistent_peers": derived(peers),
  "p2p.addr_book_file": fixed(path, "the node can write only to data/"),
  "p2p.addr_book_strict": free(bool),
  "p2p.max_num_inbound_peers": bounded(whole(0), whole(0, 1000), busy),
  "p2p.max_num_outbound_peers": bounded(whole(0), whole(0, 1000), busy),
  "p2p.unconditional_peer_ids": free(nodeIds),
  "p2p.persistent_peers_max_dial_period": bounded(
    atLeastZero,
    duration("0s", "5m"),
    "a validator that was away would be dialled that late",
  ),
  "p2p.flush_throttle_timeout": bounded(atLeastZero, duration("1ms", "200ms"), "every message waits that long"),
  "p2p.max_packet_msg_payload_size": reasoned(
    whole(64, 1_048_576),
    "peers hang up on a node that sends larger packets",
  ),
  "p2p.send_rate": bounded(whole(0), whole(512_000, 1_000_000_000), "blocks and votes would wait in line"),
  "p2p.recv_rate": bounded(whole(0), whole(512_000, 1_000_000_000), "blocks and votes would wait in line"),
  "p2p.pex": free(bool),
  "p2p.seed_mode": reasoned(bool, "a seed disconnects from its peers"),
  "p2p.private_peer_ids": free(nodeIds),
  "p2p.allow_duplicate_ip": free(bool),
  "p2p.handshake_timeout": bounded(
    duration("1ns"),
    duration("5s", "1m"),
    "no peer would be in time, or strangers hold on",
  ),
  "p2p.dial_timeout": bounded(duration("1ns"), duration("1s", "30s"), "no peer would be in time, or dialling blocks"),

  "mempool.type": reasoned(oneOf("flood", "nop", ""), "only flood passes transactions on"),
  "mempool.recheck": reasoned(bool, "blocks would hold transactions that are not valid any more"),
  "mempool.recheck_timeout": bounded(atLeastZero, duration("100ms", "10s"), halts),
  "mempool.broadcast": reasoned(bool, "a transaction would wait until the node that has it proposes"),
  "mempool.wal_dir": fixed(maybePath, "the node can write only to data/, and the mempool needs no log"),
  "mempool.size": bounded(whole(0), whole(100, 100_000), "no transaction would get in, or too many for the memory"),
  "mempool.max_txs_bytes": bounded(whole(0), whole(16_777_216, 4_294_967_296), memory),
  "mempool.cache_size": bounded(whole(0), whole(1000, 1_000_000), "nodes would pass the same transactions on for ever"),
  "mempool.keep-invalid-txs-in-cache": free(bool),
  // Not below what Ethereum's nodes take as one transaction, and not above a block.
  "mempool.max_tx_bytes": bounded(whole(0), whole(131_072, 22_020_096), "transactions of contracts would not get in"),
  "mempool.max_batch_bytes": free(whole(0)),
  "mempool.experimental_max_gossip_connections_to_persistent_peers": free(whole(0)),
  "mempool.experimental_max_gossip_connections_to_non_persistent_peers": free(whole(0)),

  // Of these the network's `stateSync` says the first four; generators/network/checks/state-sync.ts refuses them here.
  "statesync.enable": free(bool),
  "statesync.rpc_servers": free(servers),
  "statesync.trust_height": free(whole(0)),
  "statesync.trust_hash": free(text(/^([0-9A-Fa-f]{64})?$/, "the hash of a block: 64 hex characters")),
  "statesync.trust_period": bounded(duration("1s"), duration("1h", "336h"), "old validators could make up a chain"),
  "statesync.discovery_time": free(either(oneOf("0s"), duration("5s", "10m"))),
  "statesync.temp_dir": reasoned(anyText, "the node can write only to its volume and to /tmp"),
  "statesync.chunk_request_timeout": free(duration("5s", "10m")),
  "statesync.chunk_fetchers": free(quoted(1, 64)),

  "blocksync.version": free(oneOf("v0")),

  "consensus.wal_file": fixed(path, elsewhere),
  "consensus.timeout_propose": bounded(atLeastZero, duration("500ms", "10s"), voting),
  "consensus.timeout_propose_delta": bounded(atLeastZero, duration("100ms", "5s"), voting),
  "consensus.timeout_prevote": bounded(atLeastZero, duration("100ms", "10s"), voting),
  "consensus.timeout_prevote_delta": bounded(atLeastZero, duration("100ms", "5s"), voting),
  "consensus.timeout_precommit": bounded(atLeastZero, duration("100ms", "10s"), voting),
  "consensus.timeout_precommit_delta": bounded(atLeastZero, duration("100ms", "5s"), voting),
  "consensus.timeout_commit": bounded(atLeastZero, duration("500ms", "10s"), "each block waits that long for the next"),
  "consensus.double_sign_check_height": fixed(
    whole(0),
    // The file with the signing state is what prevents double signing.
    "1 checks nothing, and more makes a quick restart panic",
  ),
  "consensus.skip_timeout_commit": reasoned(
    bool,
    "blocks would come as fast as the machines can, and fill the volumes",
  ),
  "consensus.create_empty_blocks": reasoned(bool, "blocks would wait for transactions"),
  "consensus.create_empty_blocks_interval": reasoned(
    atLeastZero,
    "blocks would wait for transactions, or for this long",
  ),
  "consensus.peer_gossip_sleep_duration": bounded(atLeastZero, duration("10ms", "500ms"), halts),
  "consensus.peer_query_maj23_sleep_duration": bounded(atLeastZero, duration("100ms", "10s"), halts),

  "storage.discard_abci_responses": reasoned(bool, "JSON-RPC asks for the results of blocks, and would find none"),
  "tx_index.indexer": reasoned(oneOf("kv", "null", "psql"), "JSON-RPC looks transactions up there"),
  "tx_index.psql-conn": fixed(anyText, "it would hold a password, and everybody can read these files"),
  "instrumentation.prometheus": free(bool),
  "instrumentation.prometheus_listen_addr": derived(listener),
  "instrumentation.max_open_connections": bounded(whole(0), whole(1, 100), busy),
  "instrumentation.namespace": reasoned(
    text(/^[a-zA-Z_]\w*$/, "a prefix of metrics"),
    "dashboards and alerts ask for it",
  ),
};
