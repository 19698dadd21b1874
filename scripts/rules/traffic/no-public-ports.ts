import { networkFile } from "generators/network/paths.ts";
import { valueAt } from "generators/network/problem.ts";
import type { Network } from "generators/network/schema.ts";
import type { Rule } from "../rule.ts";

type Exposed = Network["expose"][number];

/** What everybody can do at a port. Peers come in at p2p, which is open on purpose. */
const harm: Record<Exclude<Exposed, "p2p">, string> = {
  rpc: "anybody can hold it busy with queries and subscriptions, and sees its peers",
  api: "anybody can hold it busy with queries",
  grpc: "anybody can hold it busy with queries",
  "json-rpc": "calls come past the public JSON-RPC, without TLS, and hold it busy",
  "json-rpc-ws": "subscriptions come past the public JSON-RPC, without TLS, and hold it busy",
};

export default {
  id: "no-public-ports",
  why: "A validator that is busy with strangers' requests misses its votes, and two that do stop the blocks.",
  fix: "Move the users of a port to the public JSON-RPC, to RPC nodes or to a node of their own, or name them in the network's `clients`; then close it, as docs/runbooks/close-ports.md says.",
  brokenBy: "network",
  *check(_manifests, network) {
    for (const [i, port] of (network?.expose ?? []).entries()) {
      if (!network || port === "p2p") continue;
      const because = isOff(network, port) ? "nobody answers there, for it is off in app.toml" : harm[port];
      const message = `${port} ${network.ports[port]} of every validator is open to everybody: ${because}`;
      yield { severity: "warning", object: networkFile(network.name), field: `expose[${i}]`, message };
    }
  },
} satisfies Rule;

/** REST is the only one that is off by default. */
const isOff = ({ settings }: Network, port: Exposed) =>
  port === "api" && valueAt(settings.app, ["api", "enable"]) !== true;
