import type { Network } from "../../network/schema.ts";
import type { Alert } from "./alert.ts";

/** The name of an alert as Prometheus and its users know it: chain-halted is ChainHalted. */
export const alertName = (name: string) =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");

/** Alerts as a group of Prometheus' rules. */
export const ruleGroups = (network: Network, group: string, alerts: readonly Alert[]) => [
  {
    name: group,
    interval: "30s",
    rules: alerts.map(({ name, severity, summary, expr, for: time }) => ({
      alert: alertName(name),
      expr,
      for: time,
      labels: { severity, network: network.name },
      annotations: { summary, runbook_url: runbookUrl(network, name) },
    })),
  },
];

/**
 * Where a person finds the page of an alert: at the forge that has this repository, in the form of GitHub's addresses; the
 * path in the repository where that has no such address.
 */
export function runbookUrl({ argocd }: Pick<Network, "argocd">, name: string): string {
  const path = `docs/runbooks/${name}.md`;
  // The port of SSH says nothing about where the pages are.
  const { site, repository } =
    /^(?:https?:\/\/(?<site>[^/@]+)\/|ssh:\/\/git@(?<site>[^/:@]+)(?::\d+)?\/|git@(?<site>[^/:@]+):)(?<repository>.+?)(?:\.git)?\/?$/.exec(
      argocd?.repoURL ?? "",
    )?.groups ?? {};
  return site && argocd ? `https://${site}/${repository}/blob/${argocd.revision}/${path}` : path;
}
