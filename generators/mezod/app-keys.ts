import { bounded, derived, fixed, free, type Key, reasoned } from "./key.ts";
import {
  anyText,
  bool,
  duration,
  either,
  including,
  type Kind,
  list,
  listener,
  namespaces,
  oneOf,
  path,
  quoted,
  text,
  whole,
} from "./kinds.ts";

const int32 = 2 ** 31 - 1;
const zero = oneOf(0);
const off = (from: number, to?: number): Kind => either(zero, whole(from, to));

const memory = "a node keeps this in memory, and one that runs out of it is killed";
const busy = "the node would be busy with others' requests, and miss its votes";
const queries = "JSON-RPC asks the node this way, and its calls would fail";
const callers = "callers would get no answers, or hold the node busy for too long";
const oneFinds = "a node keeps its blocks and snapshots for those that catch up, and for JSON-RPC";

/** JSON-RPC's namespaces before v1.0.0-rc0, which brings one more. */
export const oldNamespaces = ["eth", "net", "web3", "txpool", "debug", "miner", "personal"];

/** Which namespaces are open; rules see to those that nobody may have. */
export const apiKey = (...known: string[]): Key =>
  bounded(namespaces(...known), including("eth"), "wallets, explorers and bridges ask for eth first of all");

/** app.toml of the Cosmos SDK 0.50 and of the chain's EVM. */
export const appKeys: Record<string, Key> = {
  // Empty stops the node.
  "minimum-gas-prices": free(text(/^\d+(\.\d+)?[a-zA-Z][\w/:.-]{2,127}$/, "an amount such as 10000000000abtc")),
  "query-gas-limit": bounded(quoted(0), either(oneOf("0"), quoted(10_000_000)), queries),
  pruning: free(oneOf("default", "nothing", "everything", "custom")),
  "pruning-keep-recent": free(quoted(0)),
  "pruning-interval": free(quoted(0)),
  "halt-height": free(whole(0)),
  "halt-time": free(whole(0)),
  "min-retain-blocks": reasoned(whole(0), oneFinds),
  "inter-block-cache": free(bool),
  "index-events": free(list(anyText)),
  "iavl-cache-size": bounded(whole(0), whole(10_000, 10_000_000), memory),
  "iavl-disable-fastnode": reasoned(bool, "the node rewrites its whole database when this changes back"),
  "app-db-backend": fixed(
    either(oneOf(""), text(/^\w+db$/, "a database")),
    "the volumes hold LevelDB, and another backend would find no chain there",
  ),

  "telemetry.service-name": free(anyText),
  "telemetry.enabled": free(bool),
  "telemetry.enable-hostname": free(bool),
  "telemetry.enable-hostname-label": free(bool),
  "telemetry.enable-service-label": free(bool),
  "telemetry.prometheus-retention-time": free(whole(0)),
  "telemetry.global-labels": free(list(list(anyText))),
  "telemetry.metrics-sink": free(oneOf("", "mem", "statsd", "dogstatsd")),
  "telemetry.statsd-addr": free(anyText),
  "telemetry.datadog-hostname": free(anyText),

  "api.enable": free(bool),
  "api.swagger": free(bool),
  "api.address": derived(listener),
  "api.max-open-connections": bounded(whole(0), whole(1, 100_000), busy),
  "api.rpc-read-timeout": bounded(whole(0), whole(1, 120), busy),
  "api.rpc-write-timeout": bounded(whole(0), whole(0, 600), busy),
  "api.rpc-max-body-bytes": bounded(whole(0), whole(10_000, 100_000_000), busy),
  "api.enabled-unsafe-cors": free(bool),
  "grpc.enable": free(bool),
  "grpc.address": derived(listener),
  "grpc.max-recv-msg-size": bounded(quoted(0, int32), quoted(1_048_576, int32), queries),
  "grpc.max-send-msg-size": bounded(quoted(0, int32), quoted(1_048_576, int32), queries),
  "grpc-web.enable": free(bool),

  "state-sync.snapshot-interval": bounded(
    whole(0),
    off(500),
    "a node that makes snapshots all the time misses its votes",
  ),
  "state-sync.snapshot-keep-recent": bounded(whole(0), whole(1, 100), "0 keeps all of them, and fills the volume"),
  "streaming.abci.keys": reasoned(list(anyText), "blocks wait for a program that the image does not have"),
  "streaming.abci.plugin": reasoned(anyText, "blocks wait for a program that the image does not have"),
  "streaming.abci.stop-node-on-err": free(bool),
  "mempool.max-txs": reasoned(whole(-1), "the EVM orders its transactions itself"),
  "evm.tracer": reasoned(
    oneOf("", "json", "struct", "access_list", "markdown"),
    "the node writes every step of every transaction to its log",
  ),
  "evm.max-tx-gas-wanted": bounded(whole(0), off(21_000), "transactions would count for less gas than they take"),

  "json-rpc.enable": free(bool),
  "json-rpc.address": derived(listener),
  "json-rpc.ws-address": derived(listener),
  "json-rpc.api": apiKey(...oldNamespaces),
  "json-rpc.gas-cap": bounded(whole(0), whole(10_000_000, 1_000_000_000), callers),
  "json-rpc.evm-timeout": bounded(duration("0s"), duration("1s", "1m"), callers),
  "json-rpc.txfee-cap": free(whole(0)),
  "json-rpc.filter-cap": bounded(whole(0, int32), whole(10, 100_000), callers),
  "json-rpc.feehistory-cap": bounded(whole(1, int32), whole(10, 10_000), callers),
  "json-rpc.logs-cap": bounded(whole(0, int32), whole(100, 1_000_000), callers),
  "json-rpc.block-range-cap": bounded(whole(0, int32), whole(100, 1_000_000), callers),
  "json-rpc.http-timeout": bounded(duration("0s"), duration("5s", "10m"), callers),
  "json-rpc.http-idle-timeout": bounded(duration("0s"), duration("5s", "1h"), callers),
  "json-rpc.allow-unprotected-txs": free(bool),
  "json-rpc.max-open-connections": bounded(whole(0), off(100), callers),
  "json-rpc.enable-indexer": free(bool),
  "json-rpc.metrics-address": derived(listener),
  "json-rpc.fix-revert-gas-refund-height": reasoned(whole(0), "receipts of old blocks would show another gas"),
  "tls.certificate-path": fixed(
    either(oneOf(""), path),
    "load balancers ask JSON-RPC without TLS, and end it themselves",
  ),
  "tls.key-path": fixed(either(oneOf(""), path), "load balancers ask JSON-RPC without TLS, and end it themselves"),
  "ethereum-sidecar.client.server-address": derived(anyText),
  "ethereum-sidecar.client.request-timeout": bounded(
    duration("1ns"),
    duration("100ms", "5s"),
    "a vote waits that long for the sidecar",
  ),
};
