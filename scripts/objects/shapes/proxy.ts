import type { Network } from "generators/network/schema.ts";
import { listed, type Shape } from "../shape.ts";
import { resources, restrictedContainer } from "./pod.ts";

/** The ports of JSON-RPC: each is the proxy's, and by another name and number that of the node behind it. */
export const proxied = ({ ports }: Network) =>
  (["json-rpc", "json-rpc-ws"] as const).map((name) => ({
    name,
    port: ports[name],
    own: { name: `own-${name}`, port: ports[name] + 10_000 },
  }));

/** It passes on to the node beside it, or to another one. */
export const proxy = (network: Network): Shape[] => {
  if (!network.rpcNodes) return [];
  const { image, resources: own } = network.rpcNodes.proxy;
  return [
    {
      name: "proxy",
      image,
      command: ["caddy", "run", "--config", "/scripts/Caddyfile", "--adapter", "caddyfile"],
      env: listed(
        "name",
        ["HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"].map((name) => ({ name, value: "/nonexistent" })),
      ),
      ports: listed(
        "name",
        proxied(network).map(({ name, port }) => ({ name, containerPort: port })),
      ),
      lifecycle: { preStop: { sleep: { seconds: 10 } } },
      readinessProbe: { tcpSocket: { port: "json-rpc" }, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 },
      resources: resources(own.cpu, own.memory, "64Mi"),
      // What the image's program is marked with; nothing else.
      securityContext: { ...restrictedContainer, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } },
      volumeMounts: listed("mountPath", [{ name: "scripts", mountPath: "/scripts", readOnly: true }]),
    },
  ];
};
