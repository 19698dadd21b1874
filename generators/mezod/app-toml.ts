import { serviceHost, sidecarName } from "../network/names.ts";
import { appKeys } from "./app-keys.ts";
import type { TomlFile } from "./settings.ts";

/** app.toml of every validator. */
export const appToml: TomlFile = {
  values: {
    "minimum-gas-prices": "10000000000abtc",
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
      // The live network has 0. The SDK then registers no Prometheus sink: telemetry is on and answers nothing.
      "prometheus-retention-time": 60,
      "global-labels": [],
      "metrics-sink": "",
      "statsd-addr": "",
      "datadog-hostname": "",
    },
    api: {
      enable: false,
      swagger: false,
      address: "tcp://0.0.0.0:1317",
      "max-open-connections": 1000,
      "rpc-read-timeout": 10,
      "rpc-write-timeout": 0,
      "rpc-max-body-bytes": 1000000,
      "enabled-unsafe-cors": false,
    },
    grpc: {
      enable: true,
      address: "0.0.0.0:9090",
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
      address: "0.0.0.0:8545",
      "ws-address": "0.0.0.0:8546",
      // The live network also opens debug, miner, txpool and personal to the internet. They sign with the node's
      // keyring, trace at the node's expense, and change how it runs.
      api: "eth,net,web3",
      "gas-cap": 25000000,
      "evm-timeout": "5s",
      "txfee-cap": 1,
      "filter-cap": 200,
      "feehistory-cap": 100,
      "logs-cap": 10000,
      "block-range-cap": 10000,
      "http-timeout": "30s",
      // Google's front ends keep connections to a backend for 600 s and use them again ("External Application Load
      // Balancer overview"). The live network's 2m0s closes them first: now and then a request is answered 502.
      "http-idle-timeout": "10m20s",
      // The live network has false in its first file, and takes such transactions from v0.2.0 on. Tools that deploy a
      // contract under one address on every chain send them, and risk no account of anybody else's.
      "allow-unprotected-txs": true,
      "max-open-connections": 0,
      "enable-indexer": false,
      "metrics-address": "0.0.0.0:6065",
      "fix-revert-gas-refund-height": 0,
    },
    tls: { "certificate-path": "", "key-path": "" },
    "ethereum-sidecar": {
      client: {
        "server-address": "ethereum-sidecar.default.svc.cluster.local:7500",
        "request-timeout": "1s",
      },
    },
  },
  derived: {
    "minimum-gas-prices": { value: ({ chain }) => `10000000000${chain.denom}` },
    "api.address": { field: "ports.api", value: ({ ports }) => `tcp://0.0.0.0:${ports.api}` },
    "grpc.address": { field: "ports.grpc", value: ({ ports }) => `0.0.0.0:${ports.grpc}` },
    "json-rpc.address": { field: "ports.json-rpc", value: ({ ports }) => `0.0.0.0:${ports["json-rpc"]}` },
    "json-rpc.ws-address": { field: "ports.json-rpc-ws", value: ({ ports }) => `0.0.0.0:${ports["json-rpc-ws"]}` },
    "json-rpc.metrics-address": { field: "ports.evm-metrics", value: ({ ports }) => `0.0.0.0:${ports["evm-metrics"]}` },
    "ethereum-sidecar.client.server-address": {
      field: "ethereumSidecar.port",
      value: (network) => `${serviceHost(network, sidecarName)}:${network.ethereumSidecar.port}`,
    },
  },
  keys: appKeys,
};
