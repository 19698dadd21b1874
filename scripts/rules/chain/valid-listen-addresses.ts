import { ownPort, proxiedPorts } from "generators/network/keyless.ts";
import type { PortName } from "generators/network/schema.ts";
import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

const listeners: { file: string; path: string; port: PortName }[] = [
  { file: "config.toml", path: "p2p.laddr", port: "p2p" },
  { file: "config.toml", path: "rpc.laddr", port: "rpc" },
  { file: "config.toml", path: "instrumentation.prometheus_listen_addr", port: "metrics" },
  { file: "app.toml", path: "api.address", port: "api" },
  { file: "app.toml", path: "grpc.address", port: "grpc" },
  { file: "app.toml", path: "json-rpc.address", port: "json-rpc" },
  { file: "app.toml", path: "json-rpc.ws-address", port: "json-rpc-ws" },
  { file: "app.toml", path: "json-rpc.metrics-address", port: "evm-metrics" },
];

export default {
  id: "valid-listen-addresses",
  why: "Peers, probes and load balancers would ask a port on which the node does not listen.",
  fix: "Restore the addresses in generators/mezod/config-toml.ts, generators/mezod/app-toml.ts and, for RPC nodes, generators/mezod/roles.ts; they follow from the network's `ports`.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    for (const { file, path, port } of listeners) {
      for (const { configMap, field, keyless, value } of settingsAt(manifests, file, path)) {
        const address = String(value);
        const proxied = keyless === "rpc-node" && proxiedPorts.find((each) => each === port);
        const wanted = proxied ? ownPort(network, proxied) : network.ports[port];
        if (new RegExp(`^(tcp://)?(0\\.0\\.0\\.0)?:${wanted}$`).test(address)) continue;
        yield finding(configMap, field, `must be 0.0.0.0:${wanted}, is ${address}`);
      }
    }
  },
} satisfies Rule;
