import { nodeName, rpcName, sidecarName } from "./network/names.ts";
import { validatorWave } from "./network/rollout.ts";
import type { Network } from "./network/schema.ts";

// A picture shows a network at a glance: beyond this many validators it draws the first ones and a count.
const drawn = 8;

/** A mermaid picture of a network: what reaches it from outside, what its parts ask of each other, how it is deployed. */
export function picture(network: Network): string {
  const { app, chain, gke, ports, validators, name } = network;
  const shown = validators.slice(0, drawn);
  const rest = validators.length - shown.length;
  const lines = [
    "flowchart TB",
    `  push([git push]) --> argocd[Argo CD]`,
    `  argocd -->|"one wave after the other"| validators`,
    `  subgraph validators["${validators.length} validators of ${chain.id}"]`,
    ...shown.map(
      ({ index }) => `    n${index}["${nodeName(network, index)}<br/>wave ${validatorWave(network, index)}"]`,
    ),
    ...(rest > 0 ? [`    more["… and ${rest} more"]`] : []),
    "  end",
    `  peers([peers]) -->|"p2p ${ports.p2p}${gke ? ", a static IP each" : ""}"| validators`,
    `  clients([JSON-RPC clients]) ${gke ? `-->|https| ingress["Ingress ${rpcName(network)}"] ` : ""}--> rpc["Service ${rpcName(network)}"]`,
    ...(gke ? [`  clients -->|wss| ingressWs["Ingress ${rpcName(network)}-ws"] --> rpc`] : []),
    `  rpc -->|"ready ones: ${ports["json-rpc"]}, ${ports["json-rpc-ws"]}"| validators`,
    `  validators -->|"gRPC ${network.ethereumSidecar.port}"| sidecar["${sidecarName}"] --> ethereum([Ethereum node])`,
  ];
  return ["```mermaid", "---", `title: ${app} ${name}`, "---", ...lines, "```", ""].join("\n");
}

/**
 * A page with each network's picture put between its marks, `<!-- picture of NAME -->` and `<!-- end of picture -->`.
 * What stands outside of them stays; marks of a network that is not declared stay empty.
 */
export function withPictures(page: string, networks: readonly Network[]): string {
  return page.replace(
    /(<!-- picture of ([-a-z0-9]+) -->\n)[\s\S]*?(<!-- end of picture -->)/g,
    (_, open, name, close) => {
      const network = networks.find((candidate) => candidate.name === name);
      return `${open}${network ? `\n${picture(network)}\n` : ""}${close}`;
    },
  );
}
