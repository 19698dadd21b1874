import type { Topic } from "../rule.ts";
import noMissingAnnotatedPort from "./no-missing-annotated-port.ts";
import noMissingBackendConfig from "./no-missing-backend-config.ts";
import noMissingFrontendConfig from "./no-missing-frontend-config.ts";
import noUndeclaredCloudNames from "./no-undeclared-cloud-names.ts";
import requireConnectionDraining from "./require-connection-draining.ts";
import requireGkeVersion from "./require-gke-version.ts";
import requireHealthCheckTraffic from "./require-health-check-traffic.ts";
import requireIdleTimeout from "./require-idle-timeout.ts";
import requireWebsocketTimeout from "./require-websocket-timeout.ts";
import validLoadBalancers from "./valid-load-balancers.ts";
import validPublicEndpoints from "./valid-public-endpoints.ts";

export default {
  title: "GKE: load balancers and what they need of the cloud",
  rules: [
    validLoadBalancers,
    noUndeclaredCloudNames,
    noMissingAnnotatedPort,
    requireGkeVersion,
    requireHealthCheckTraffic,
    requireWebsocketTimeout,
    requireConnectionDraining,
    requireIdleTimeout,
    validPublicEndpoints,
    noMissingBackendConfig,
    noMissingFrontendConfig,
  ],
} satisfies Topic;
