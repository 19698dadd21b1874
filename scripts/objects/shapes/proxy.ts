import type { Network } from "generators/network/schema.ts";
import { listed, type Shape } from "../shape.ts";
import { resources, restrictedContainer, tmp } from "./pod.ts";

/** It passes on to the node beside it, or to another one. */
export const proxy = ({ ports, rpcNodes }: Network): Shape[] => {
  if (!rpcNodes) return [];
  const { image, resources: own } = rpcNodes.proxy;
  return [
    {
      name: "proxy",
      image,
      command: ["caddy", "run", "--config", "/scripts/Caddyfile", "--adapter", "caddyfile"],
      env: listed("name", [
        { name: "HOME", value: "/tmp" },
        { name: "XDG_CONFIG_HOME", value: "/tmp" },
        { name: "XDG_DATA_HOME", value: "/tmp" },
      ]),
      ports: listed(
        "name",
        (["json-rpc", "json-rpc-ws"] as const).map((name) => ({ name, containerPort: ports[name] })),
      ),
      lifecycle: { preStop: { sleep: { seconds: 10 } } },
      readinessProbe: { tcpSocket: { port: "json-rpc" }, periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 2 },
      resources: resources(own.cpu, own.memory, "64Mi"),
      // What the image's program is marked with; nothing else.
      securityContext: { ...restrictedContainer, capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] } },
      volumeMounts: listed("mountPath", [{ name: "scripts", mountPath: "/scripts", readOnly: true }, tmp.mount]),
    },
  ];
};
