import { fileOf } from "../../mezod/files.ts";
import { validatorsServe } from "../keyless.ts";
import { rpcName } from "../names.ts";
import { type Problem, valueAt } from "../problem.ts";
import { releaseOf } from "../release.ts";
import type { Network, PortName } from "../schema.ts";
import { withConnect } from "../sidecars.ts";
import type { Check } from "./check.ts";
import { declaredSettings } from "./declared-settings.ts";

/** The settings that switch ports of the node on and off. */
export const switches: { file: "app" | "config"; key: string[]; ports: PortName[] }[] = [
  { file: "app", key: ["api", "enable"], ports: ["api"] },
  { file: "app", key: ["grpc", "enable"], ports: ["grpc"] },
  { file: "app", key: ["json-rpc", "enable"], ports: ["json-rpc", "json-rpc-ws"] },
  { file: "config", key: ["instrumentation", "prometheus"], ports: ["metrics"] },
];

/** Ports that the network leads somebody to, and on which its nodes would not listen. */
function* switchedOff(network: Network): Iterable<Problem> {
  const [shared, ...all] = declaredSettings(network);
  const own = all.filter(({ keyless }) => keyless === undefined);
  for (const { file, key, ports } of switches) {
    const missing = (isDeclared: boolean) => ports.flatMap((port) => [...needs(network, port, isDeclared)])[0];
    for (const { settings, above } of own) {
      const value = valueAt(settings[file], key);
      const need = value === undefined || value === true ? undefined : missing(true);
      if (need) yield { path: [...above, file, ...key], value, message: `must be true: ${need}` };
    }
    const declared = valueAt(shared.settings[file], key);
    const value = declared ?? valueAt(fileOf(file, releaseOf(network)).values, key);
    const need = value === true ? undefined : missing(declared !== undefined);
    if (need) yield { path: [...shared.above, file, ...key], value, message: `must be true: ${need}` };
  }
}

function* needs(network: Network, port: PortName, isDeclared: boolean): Iterable<string> {
  const { expose, gke, lifecycle, monitoring } = network;
  const clients = validatorsServe(network) ? network.clients : [];
  if (port === "json-rpc" && validatorsServe(network))
    yield `the Service ${rpcName(network)}${gke ? " and its Ingresses lead" : " leads"} there`;
  // From v4 on the ethereum-sidecar asks there, too.
  if (port === "grpc" && withConnect(network).length > 0) yield "Connect asks the node for its markets there";
  if (port === "metrics" && monitoring) yield "`monitoring` collects the metrics of every node";
  // A network that was taken over keeps a port that never answered: its load balancers would change with one less.
  const isInherited = lifecycle === "adopted" && !isDeclared;
  if (expose.some((each) => each === port) && !isInherited) yield `${port} is in \`expose\``;
  if (clients.some(({ ports }) => ports.some((each) => each === port))) yield `${port} is in \`clients\``;
}

export const switchChecks: Check[] = [switchedOff];
