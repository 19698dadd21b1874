import { serviceHost, sidecarName } from "../network/names.ts";
import type { Network } from "../network/schema.ts";
import type { TomlTable } from "./toml.ts";

/** Keys that follow from the network, and the field to change instead. */
export const derivedAppKeys: Record<string, string> = {
  "api.address": "ports.api",
  "grpc.address": "ports.grpc",
  "json-rpc.address": "ports.json-rpc",
  "json-rpc.ws-address": "ports.json-rpc-ws",
  "json-rpc.metrics-address": "ports.evm-metrics",
  "ethereum-sidecar.client.server-address": "ethereumSidecar.port",
};

/** app.toml of every validator, in the node's own order; values are the live network's but where a comment says why. */
export function appToml(network: Network): TomlTable {
  const { chain, ports, ethereumSidecar } = network;
  return {
    "minimum-gas-prices": `10000000000${chain.denom}`,
    "query-gas-limit": "0",
    pruning: "nothing",
    "pruning-keep-recent": "0",
    "pruning-interval": "0",
    "halt-height": 0,
    "halt-time": 0,
    "min-retain-blocks": 0,
    "inter-block-cache": true,
    "index-events": [],
    "iavl-cache-size": 781250,
    "iavl-disable-fastnode": false,
    "app-db-backend": "",
    telemetry: {
      "service-name": "",
      enabled: true,
      "enable-hostname": false,
      "enable-hostname-label": false,
      "enable-service-label": false,
      // With 0, as it was, the SDK registers no Prometheus sink at all: telemetry was on and answered nothing.
      "prometheus-retention-time": 60,
      "global-labels": [],
      "metrics-sink": "",
      "statsd-addr": "",
      "datadog-hostname": "",
    },
    api: {
      enable: false,
      swagger: false,
      address: `tcp://0.0.0.0:${ports.api}`,
      "max-open-connections": 1000,
      "rpc-read-timeout": 10,
      "rpc-write-timeout": 0,
      "rpc-max-body-bytes": 1000000,
      "enabled-unsafe-cors": false,
    },
    grpc: {
      enable: true,
      address: `0.0.0.0:${ports.grpc}`,
      "max-recv-msg-size": "10485760",
      "max-send-msg-size": "2147483647",
    },
    "grpc-web": { enable: true },
    "state-sync": { "snapshot-interval": 5000, "snapshot-keep-recent": 2 },
    streaming: { abci: { keys: [], plugin: "", "stop-node-on-err": true } },
    mempool: { "max-txs": -1 },
    evm: { tracer: "", "max-tx-gas-wanted": 0 },
    "json-rpc": {
      enable: true,
      address: `0.0.0.0:${ports["json-rpc"]}`,
      "ws-address": `0.0.0.0:${ports["json-rpc-ws"]}`,
      // debug, miner, txpool and personal were open to the internet: they sign with the node's keyring, trace at the
      // node's expense, and change how it runs.
      api: "eth,net,web3",
      "gas-cap": 25000000,
      "evm-timeout": "5s",
      "txfee-cap": 1,
      "filter-cap": 200,
      "feehistory-cap": 100,
      "logs-cap": 10000,
      "block-range-cap": 10000,
      "http-timeout": "30s",
      "http-idle-timeout": "2m0s",
      "allow-unprotected-txs": false,
      "max-open-connections": 0,
      "enable-indexer": false,
      "metrics-address": `0.0.0.0:${ports["evm-metrics"]}`,
      "fix-revert-gas-refund-height": 0,
    },
    tls: { "certificate-path": "", "key-path": "" },
    "ethereum-sidecar": {
      client: {
        "server-address": `${serviceHost(network, sidecarName)}:${ethereumSidecar.port}`,
        "request-timeout": "1s",
      },
    },
  };
}
