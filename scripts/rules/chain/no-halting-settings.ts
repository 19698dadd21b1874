import { lineOf } from "generators/mezod/releases.ts";
import { keylessSets } from "generators/network/keyless.ts";
import { serviceHost, sidecarName } from "generators/network/names.ts";
import { releaseOf } from "generators/network/release.ts";
import type { Network } from "generators/network/schema.ts";
import { withConnect } from "generators/network/sidecars.ts";
import { settingsAt } from "../../objects/validators.ts";
import { finding, type Rule } from "../rule.ts";

interface Setting {
  file: string;
  path: string;
  /** What the value must be, in words. */
  must: (network: Network, validator: number) => string;
  holds: (value: unknown, network: Network, validator: number) => boolean;
  because: string;
}

/** In the validator's own pod from v4 on; before that, all share one. */
function sidecar(network: Network, validator: number): string {
  const isOwn = lineOf(releaseOf(network, validator))?.sidecars.ethereum === "own";
  return `${isOwn ? "localhost" : serviceHost(network, sidecarName)}:${network.ethereumSidecar.port}`;
}

/** All who dial a validator: the others, and nodes without keys. */
const peerCount = (network: Network) =>
  network.validators.length +
  network.peers.length +
  keylessSets(network).reduce((sum, { replicas }) => sum + replicas, 0);

// A planned halt stops every node at one height, and all start again together.
const unlessPlanned = {
  must: () => "be 0 unless `rollout` is all-at-once",
  holds: (value: unknown, { rollout }: Network) => value === 0 || rollout === "all-at-once",
};

/** What depends on the network; generators/mezod has the bounds that hold for all. */
const settings: Setting[] = [
  {
    file: "config.toml",
    path: "p2p.max_num_inbound_peers",
    must: (network) => `be ${peerCount(network)} or more`,
    holds: (value, network) => Number(value) >= peerCount(network),
    because: "validators would turn each other away",
  },
  { file: "app.toml", path: "halt-height", ...unlessPlanned, because: "every node would stop at that height" },
  { file: "app.toml", path: "halt-time", ...unlessPlanned, because: "every node would stop at that time" },
  {
    file: "app.toml",
    path: "minimum-gas-prices",
    must: ({ chain }) => `be an amount of ${chain.denom}`,
    holds: (value, { chain }) => new RegExp(`^\\d+(\\.\\d+)?${chain.denom}$`).test(String(value)),
    because: "a node without a gas price does not start",
  },
  {
    file: "app.toml",
    path: "ethereum-sidecar.client.server-address",
    must: (network, validator) => `be ${sidecar(network, validator)}`,
    holds: (value, network, validator) => value === sidecar(network, validator),
    because: "the bridge would not see Ethereum",
  },
  {
    file: "app.toml",
    path: "grpc.enable",
    must: () => "be true",
    holds: (value, network) => value === true || withConnect(network).length === 0,
    because: "Connect would get no markets from the node, and it no prices",
  },
];

export default {
  id: "no-halting-settings",
  why: "Every validator reads these settings, and with a wrong one none of them makes blocks.",
  fix: "Remove the setting from the network's `settings`.",
  brokenBy: "network",
  *check(manifests, network) {
    if (!network) return;
    for (const { file, path, must, holds, because } of settings) {
      for (const { configMap, field, value, validator } of settingsAt(manifests, file, path)) {
        // What other nodes read halts nothing.
        if (validator === undefined) continue;
        if (holds(value, network, validator)) continue;
        yield finding(configMap, field, `must ${must(network, validator)}, is ${JSON.stringify(value)}: ${because}`);
      }
    }
  },
} satisfies Rule;
