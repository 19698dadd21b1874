import type { Network } from "../network/schema.ts";
import { configToml } from "./config-toml.ts";
import { seconds } from "./duration.ts";
import { withSettings } from "./settings.ts";

const timeouts = ["timeout_propose", "timeout_prevote", "timeout_precommit", "timeout_commit"] as const;

/**
 * The seconds after which a chain without a new block counts as halted: five rounds in which a proposer is away, each as
 * long as config.toml's timeouts allow, and 45 at least.
 */
export const stillSeconds = (network: Pick<Network, "settings">): number =>
  Math.max(45, Math.ceil(5 * roundSeconds(network)));

/** The seconds that a round takes in which a proposer is away, as long as config.toml's timeouts allow. */
export function roundSeconds({ settings }: Pick<Network, "settings">): number {
  // None of the timeouts follows from the network.
  const { consensus } = withSettings(configToml.values, settings.config) as Record<string, Record<string, string>>;
  return timeouts.reduce((sum, key) => sum + seconds(consensus?.[key] ?? ""), 0);
}
