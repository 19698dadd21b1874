import type { ConfigMap } from "kubernetes-types/core/v1.js";
import { type KeylessKind, keylessSets } from "../../network/keyless.ts";
import { dashboardsName } from "../../network/names.ts";
import type { Network } from "../../network/schema.ts";
import type { Files } from "../../tree.ts";
import { kustomization } from "../kustomization.ts";
import { alerts } from "./alerts.ts";
import { networkDashboard, nodeDashboard } from "./dashboards.ts";
import { monitored } from "./object.ts";
import { ruleGroups } from "./rules.ts";
import { podMonitor, podMonitoring } from "./scrape.ts";

/** Whether a network has objects of its own for who collects its metrics: a Prometheus that reads annotations needs none. */
export const hasMonitoringObjects = ({ monitoring }: Network) =>
  monitoring !== undefined && monitoring.kind !== "annotations";

/** overlays/<network>/monitoring: what is collected, what raises an alert, and what is shown. */
export function monitoringOverlay(network: Network): Files {
  const name = `${network.app}-alerts`;
  const spec = { groups: ruleGroups(network, name, alerts(network)) };
  const objects: Files =
    network.monitoring?.kind === "gmp"
      ? {
          "podmonitoring.yaml": podMonitoring(network),
          ...ofKeyless(network, (kind) => [`podmonitoring-${kind}.yaml`, podMonitoring(network, kind)]),
          "rules.yaml": monitored(network, "monitoring.googleapis.com/v1", "Rules", name, spec),
        }
      : {
          "podmonitor.yaml": podMonitor(network),
          ...ofKeyless(network, (kind) => [`podmonitor-${kind}.yaml`, podMonitor(network, kind)]),
          "prometheusrule.yaml": monitored(network, "monitoring.coreos.com/v1", "PrometheusRule", name, spec),
        };
  const all = { ...objects, "dashboards.yaml": dashboards(network) };
  return { "kustomization.yaml": kustomization({ resources: Object.keys(all) }), ...all };
}

/** An object for each kind of nodes without keys. */
const ofKeyless = (network: Network, fileOf: (kind: KeylessKind) => [string, object]): Files =>
  Object.fromEntries(keylessSets(network).map(({ kind }) => fileOf(kind)));

/** Both dashboards, under the label by which the sidecar of Grafana's chart finds them. */
const dashboards = (network: Network): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: dashboardsName(network), labels: { grafana_dashboard: "1" } },
  data: {
    [`${network.app}-${network.name}-network.json`]: JSON.stringify(networkDashboard(network), null, 1),
    [`${network.app}-${network.name}-nodes.json`]: JSON.stringify(nodeDashboard(network), null, 1),
  },
});
