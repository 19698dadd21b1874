import type { Network } from "../../network/schema.ts";
import { snapshotsName, tooOld } from "../../network/snapshots.ts";
import type { Alert } from "./alert.ts";

/** Whether snapshots of volumes are made: the job ends well only when all of them can be used. */
export function snapshotAlerts(network: Network): Alert[] {
  const limit = network.snapshots && tooOld(network.snapshots.schedule);
  if (limit === undefined) return [];
  const job = `{namespace="${network.namespace}",cronjob="${snapshotsName(network)}"}`;
  return [
    {
      name: "snapshots-too-old",
      severity: "warning",
      summary:
        "The newest snapshots of volumes are {{ $value | humanizeDuration }} old, or not all volumes have one: the last two runs failed, or there were none.",
      // One that never succeeded has no such time.
      expr: `time() - (kube_cronjob_status_last_successful_time${job} or kube_cronjob_created${job}) > ${limit}`,
      for: "5m",
    },
  ];
}
