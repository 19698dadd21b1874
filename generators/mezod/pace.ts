import type { Network } from "../network/schema.ts";
import { configToml } from "./config-toml.ts";
import { withSettings } from "./settings.ts";

const timeouts = ["timeout_propose", "timeout_prevote", "timeout_precommit", "timeout_commit"] as const;

/**
 * The seconds after which a chain without a new block counts as halted: five rounds in which a proposer is away, each as
 * long as config.toml's timeouts allow, and 45 at least.
 */
export function stillSeconds({ settings }: Pick<Network, "settings">): number {
  // None of the timeouts follows from the network.
  const { consensus } = withSettings(configToml.values, settings.config) as Record<string, Record<string, string>>;
  const round = timeouts.reduce((sum, key) => sum + seconds(consensus?.[key] ?? ""), 0);
  return Math.max(45, Math.ceil(5 * round));
}

const units: Record<string, number> = { ms: 1e-3, s: 1, m: 60, h: 3600 };

/** A Go duration such as "1m30s" or "500ms" in seconds; what is none of these units counts nothing. */
export const seconds = (duration: string) =>
  [...duration.matchAll(/(\d+(?:\.\d+)?)(ms|[smh])/g)].reduce(
    (sum, [, number, unit]) => sum + Number(number) * (units[unit ?? ""] ?? 0),
    0,
  );
