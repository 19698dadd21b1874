import { configToml } from "../../mezod/config-toml.ts";
import { withSettings } from "../../mezod/settings.ts";
import { keylessName, keylessSets } from "../../network/keyless.ts";
import type { Network } from "../../network/schema.ts";

/** Something that a person must know, and the page of docs/runbooks of the same name that says what to do. */
export interface Alert {
  /** In kebab case, as the runbook's file; the rule has it in camel case. */
  name: string;
  /** "critical" wakes somebody: the chain stands, or one more fault stops it or costs data. "warning" waits for the day. */
  severity: "critical" | "warning";
  /** What is so, in a sentence that a person understands at night. */
  summary: string;
  /** True while it is so, in PromQL. */
  expr: string;
  /** How long it must be so. */
  for: string;
}

export type Selectors = ReturnType<typeof selectors>;

/** What the alerts ask for: the metrics of this network's pods alone. */
export function selectors(network: Network) {
  const { app, namespace, settings } = network;
  const { instrumentation } = withSettings(configToml.values, settings.config) as Record<
    string,
    Record<string, string>
  >;
  const pods = `namespace="${namespace}",pod=~"${app}-node-[0-9]+-0"`;
  const cometbft = (name: string, labels = pods) => `${instrumentation?.namespace}_${name}{${labels}}`;
  const height = cometbft("consensus_height");
  const names = keylessSets(network).map(({ kind }) => keylessName(network, kind));
  const keyless = names.map((name) => `${name}-[0-9]+`);
  const volumes = names.map((name) => `${name}-data-${name}-[0-9]+`);
  return {
    pods,
    cometbft,
    height,
    highest: `max(${height})`,
    syncing: `${cometbft("blocksync_syncing")} == 1`,
    /** The pods of validators, RPC nodes and seeds, and their volumes. */
    nodes: `namespace="${namespace}",pod=~"${[`${app}-node-[0-9]+-0`, ...keyless].join("|")}"`,
    claims: `namespace="${namespace}",persistentvolumeclaim=~"${[`${app}-node-data-${app}-node-[0-9]+-0`, ...volumes].join("|")}"`,
  };
}

/** Half of all others: with fewer a node hears of blocks too late, and one of them may be all that holds it to the chain. */
export function peersWanted({ validators, peers }: Network): number {
  return Math.ceil((validators.length + peers.length - 1) / 2);
}
