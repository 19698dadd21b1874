import { inWave, lastWave } from "../../network/rollout.ts";
import type { Network } from "../../network/schema.ts";

/**
 * A custom object of the monitoring system. It is applied after every validator, and its kind may be missing when a sync
 * begins: a cluster without the monitoring system rolls the validators first, and only then does its sync fail.
 */
export const monitored = (network: Network, apiVersion: string, kind: string, name: string, spec: object) => ({
  apiVersion,
  kind,
  metadata: {
    name,
    annotations: {
      ...inWave(lastWave(network)),
      "argocd.argoproj.io/sync-options": "SkipDryRunOnMissingResource=true",
    },
  },
  spec,
});
