import { configToml } from "../../mezod/config-toml.ts";
import { type Problem, valueAt } from "../problem.ts";
import type { Network } from "../schema.ts";
import { type Check, repeated } from "./check.ts";
import { type DeclaredSettings, declaredSettings } from "./declared-settings.ts";

function* servers({ stateSync }: Network): Iterable<Problem> {
  for (const [position] of repeated(stateSync?.rpcServers ?? [])) {
    const message = "is listed twice: the servers are compared with each other";
    yield { path: ["stateSync", "rpcServers", position], value: stateSync?.rpcServers[position], message };
  }
}

// What `stateSync` says, for the validators that it names. In config.toml it would hold for all of them.
const declared = ["enable", "rpc_servers", "trust_height", "trust_hash"];

function* settings(network: Network): Iterable<Problem> {
  for (const each of declaredSettings(network)) yield* declaredElsewhere(each);
}

function* declaredElsewhere({ settings: { config }, above }: DeclaredSettings): Iterable<Problem> {
  for (const key of declared) {
    const path = ["statesync", key];
    const value = valueAt(config, path);
    if (value === undefined || value === valueAt(configToml.values, path)) continue;
    const closed = addresses(value).flatMap((each) => portOf(each) ?? []);
    const because = closed.length > 0 ? `no policy opens port ${closed.join(", ")}, and ` : "";
    const message = `must not be set: ${because}validators that take their state from peers are named in \`stateSync\``;
    yield { path: [...above, "config", ...path], value, message };
  }
}

function* seeds(network: Network): Iterable<Problem> {
  for (const each of declaredSettings(network)) yield* closedSeeds(network, each);
}

function* closedSeeds({ ports }: Network, { settings: { config }, above }: DeclaredSettings): Iterable<Problem> {
  const path = ["p2p", "seeds"];
  for (const value of addresses(valueAt(config, path))) {
    const port = portOf(value);
    if (port === ports.p2p) continue;
    const message =
      port === undefined
        ? "must be <node id>@<host>:<port>"
        : `leads to port ${port}, which no policy opens: nodes may dial others at port ${ports.p2p} alone`;
    yield { path: [...above, "config", ...path], value, message };
  }
}

/** The addresses of a list as config.toml has it: with commas between them. */
const addresses = (list: unknown) =>
  typeof list === "string"
    ? list
        .split(",")
        .map((each) => each.trim())
        .filter(Boolean)
    : [];

function portOf(address: string): number | undefined {
  const [, port] = /:(\d+)\/?$/.exec(address) ?? [];
  return port === undefined ? undefined : Number(port);
}

export const stateSyncChecks: Check[] = [servers, settings, seeds];
