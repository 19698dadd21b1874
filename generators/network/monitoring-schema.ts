import * as v from "valibot";
import { strict } from "./strict-schema.ts";
import { dnsLabel } from "./values.ts";

/** What collects metrics: GKE's managed Prometheus, the Prometheus Operator, or a Prometheus that reads annotations of pods. */
export const monitoringKinds = ["gmp", "prometheus-operator", "annotations"] as const;

/** Who collects the metrics of the validators, and in which namespace its pods run. */
export const monitoring = strict({
  kind: v.picklist(
    monitoringKinds,
    'must be "gmp" (GKE\'s managed Prometheus), "prometheus-operator" or "annotations" (a Prometheus that finds pods by annotations)',
  ),
  namespace: dnsLabel,
});
