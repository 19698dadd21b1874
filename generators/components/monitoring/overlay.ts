import type { Network } from "../../network/schema.ts";
import type { Files } from "../../tree.ts";
import { kustomization } from "../kustomization.ts";
import { alerts } from "./alerts.ts";
import { monitored } from "./object.ts";
import { ruleGroups } from "./rules.ts";
import { podMonitor, podMonitoring } from "./scrape.ts";

/** Whether a network has objects of its own for who collects its metrics: a Prometheus that reads annotations needs none. */
export const hasMonitoringObjects = ({ monitoring }: Network) =>
  monitoring !== undefined && monitoring.kind !== "annotations";

/** overlays/<network>/monitoring: what is collected, and what raises an alert. */
export function monitoringOverlay(network: Network): Files {
  const name = `${network.app}-alerts`;
  const spec = { groups: ruleGroups(network, name, alerts(network)) };
  const objects: Files =
    network.monitoring?.kind === "gmp"
      ? {
          "podmonitoring.yaml": podMonitoring(network),
          "rules.yaml": monitored(network, "monitoring.googleapis.com/v1", "Rules", name, spec),
        }
      : {
          "podmonitor.yaml": podMonitor(network),
          "prometheusrule.yaml": monitored(network, "monitoring.coreos.com/v1", "PrometheusRule", name, spec),
        };
  return { "kustomization.yaml": kustomization({ resources: Object.keys(objects) }), ...objects };
}
