import type { Network } from "../../network/schema.ts";
import type { Files } from "../../tree.ts";
import { kustomization } from "../kustomization.ts";
import { podMonitor, podMonitoring } from "./scrape.ts";

/** Whether a network has objects of its own for who collects its metrics: a Prometheus that reads annotations needs none. */
export const hasMonitoringObjects = ({ monitoring }: Network) =>
  monitoring !== undefined && monitoring.kind !== "annotations";

/** overlays/<network>/monitoring: what is collected. */
export function monitoringOverlay(network: Network): Files {
  const objects: Files =
    network.monitoring?.kind === "gmp"
      ? { "podmonitoring.yaml": podMonitoring(network) }
      : { "podmonitor.yaml": podMonitor(network) };
  return { "kustomization.yaml": kustomization({ resources: Object.keys(objects) }), ...objects };
}
