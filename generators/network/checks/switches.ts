import { configurationFiles } from "../../mezod/files.ts";
import { rpcName } from "../names.ts";
import type { Problem } from "../problem.ts";
import { valueAt } from "../problem.ts";
import type { Network, PortName } from "../schema.ts";
import type { Check } from "./check.ts";

/** The settings that switch ports of the node on and off. */
const switches: { file: "app" | "config"; key: string[]; ports: PortName[] }[] = [
  { file: "app", key: ["api", "enable"], ports: ["api"] },
  { file: "app", key: ["grpc", "enable"], ports: ["grpc"] },
  { file: "app", key: ["json-rpc", "enable"], ports: ["json-rpc", "json-rpc-ws"] },
  { file: "config", key: ["instrumentation", "prometheus"], ports: ["metrics"] },
];

/** Ports that the network leads somebody to, and on which its nodes would not listen. */
function* switchedOff(network: Network): Iterable<Problem> {
  for (const { file, key, ports } of switches) {
    const own = valueAt(network.settings[file], key);
    const value = own ?? valueAt(configurationFiles[file].values, key);
    const [need] = value === true ? [] : ports.flatMap((port) => [...needs(network, port, own !== undefined)]);
    if (need) yield { path: ["settings", file, ...key], value, message: `must be true: ${need}` };
  }
}

function* needs(network: Network, port: PortName, isDeclared: boolean): Iterable<string> {
  const { clients, expose, gke, lifecycle, monitoring } = network;
  if (port === "json-rpc") yield `the Service ${rpcName(network)}${gke ? " and its Ingresses lead" : " leads"} there`;
  if (port === "metrics" && monitoring) yield "`monitoring` collects the metrics of every node";
  // A network that was taken over keeps a port that never answered: its load balancers would change with one less.
  const isInherited = lifecycle === "adopted" && !isDeclared;
  if (expose.some((each) => each === port) && !isInherited) yield `${port} is in \`expose\``;
  if (clients.some(({ ports }) => ports.some((each) => each === port))) yield `${port} is in \`clients\``;
}

export const switchChecks: Check[] = [switchedOff];
