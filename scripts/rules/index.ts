import backendConfigExists from "./backend-config-exists.ts";
import configMapExists from "./config-map-exists.ts";
import disruptionBudgetSelectsPods from "./disruption-budget-selects-pods.ts";
import frontendConfigExists from "./frontend-config-exists.ts";
import ingressBackendExists from "./ingress-backend-exists.ts";
import networkPolicySelectsPods from "./network-policy-selects-pods.ts";
import probePortExists from "./probe-port-exists.ts";
import type { Rule } from "./rule.ts";
import secretIsSealed from "./secret-is-sealed.ts";
import serviceSelectsPods from "./service-selects-pods.ts";
import statefulSetHasService from "./statefulset-has-service.ts";
import volumeMountExists from "./volume-mount-exists.ts";

/** Every rule, in the order in which they run. */
export const rules: readonly Rule[] = [
  serviceSelectsPods,
  statefulSetHasService,
  ingressBackendExists,
  backendConfigExists,
  frontendConfigExists,
  configMapExists,
  secretIsSealed,
  volumeMountExists,
  probePortExists,
  disruptionBudgetSelectsPods,
  networkPolicySelectsPods,
];
