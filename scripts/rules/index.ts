import noOversizedObjects from "./any-object/no-oversized-objects.ts";
import noPlainSecret from "./any-object/no-plain-secret.ts";
import validNamesAndLabels from "./any-object/valid-names-and-labels.ts";
import noDisallowedKinds from "./argocd/no-disallowed-kinds.ts";
import noReplacement from "./argocd/no-replacement.ts";
import noWideProject from "./argocd/no-wide-project.ts";
import requireKeptObjects from "./argocd/require-kept-objects.ts";
import validApplicationPath from "./argocd/valid-application-path.ts";
import validApplicationSync from "./argocd/valid-application-sync.ts";
import noGenesisChange from "./chain/no-genesis-change.ts";
import noHaltingSettings from "./chain/no-halting-settings.ts";
import noSettingOverrides from "./chain/no-setting-overrides.ts";
import noUnsafeSettings from "./chain/no-unsafe-settings.ts";
import requireEveryValidator from "./chain/require-every-validator.ts";
import requireFullPeerMesh from "./chain/require-full-peer-mesh.ts";
import requireSigningStateGuard from "./chain/require-signing-state-guard.ts";
import uniqueKeystoreMounts from "./chain/unique-keystore-mounts.ts";
import uniqueValidators from "./chain/unique-validators.ts";
import validChainId from "./chain/valid-chain-id.ts";
import validListenAddresses from "./chain/valid-listen-addresses.ts";
import validNodeFiles from "./chain/valid-node-files.ts";
import validStateSync from "./chain/valid-state-sync.ts";
import noMissingAnnotatedPort from "./gke/no-missing-annotated-port.ts";
import noMissingBackendConfig from "./gke/no-missing-backend-config.ts";
import noMissingFrontendConfig from "./gke/no-missing-frontend-config.ts";
import noUndeclaredCloudNames from "./gke/no-undeclared-cloud-names.ts";
import requireGkeVersion from "./gke/require-gke-version.ts";
import requireHealthCheckTraffic from "./gke/require-health-check-traffic.ts";
import requireWebsocketTimeout from "./gke/require-websocket-timeout.ts";
import validPublicEndpoints from "./gke/valid-public-endpoints.ts";
import noEarlyKills from "./pods/no-early-kills.ts";
import noMissingConfigMap from "./pods/no-missing-config-map.ts";
import noMissingGoverningService from "./pods/no-missing-governing-service.ts";
import noMissingProbePort from "./pods/no-missing-probe-port.ts";
import noMissingSealedSecret from "./pods/no-missing-sealed-secret.ts";
import noMissingVolume from "./pods/no-missing-volume.ts";
import noTokenMounts from "./pods/no-token-mounts.ts";
import requireGracePeriod from "./pods/require-grace-period.ts";
import requireMemoryHeadroom from "./pods/require-memory-headroom.ts";
import requireNodeAsPid1 from "./pods/require-node-as-pid-1.ts";
import requireOneReplica from "./pods/require-one-replica.ts";
import requirePodSpread from "./pods/require-pod-spread.ts";
import requireRestrictedPods from "./pods/require-restricted-pods.ts";
import requireRetainedVolumes from "./pods/require-retained-volumes.ts";
import requireTypedClaimTemplates from "./pods/require-typed-claim-templates.ts";
import uniquePodSelectors from "./pods/unique-pod-selectors.ts";
import noMissingBudgetPods from "./rollout/no-missing-budget-pods.ts";
import requireCaughtUpReadiness from "./rollout/require-caught-up-readiness.ts";
import requirePinnedImage from "./rollout/require-pinned-image.ts";
import requireRollingUpdates from "./rollout/require-rolling-updates.ts";
import requireServicesFirst from "./rollout/require-services-first.ts";
import requireSidecarLast from "./rollout/require-sidecar-last.ts";
import validDisruptionBudget from "./rollout/valid-disruption-budget.ts";
import validValidatorWaves from "./rollout/valid-validator-waves.ts";
import type { Rule } from "./rule.ts";
import noMissingIngressBackend from "./traffic/no-missing-ingress-backend.ts";
import noMissingPolicyPods from "./traffic/no-missing-policy-pods.ts";
import noMissingServicePods from "./traffic/no-missing-service-pods.ts";
import noUndeclaredPublicPorts from "./traffic/no-undeclared-public-ports.ts";
import noUnknownFlows from "./traffic/no-unknown-flows.ts";
import noUnsafeJsonRpc from "./traffic/no-unsafe-json-rpc.ts";
import requireDefaultDeny from "./traffic/require-default-deny.ts";
import requirePeerTraffic from "./traffic/require-peer-traffic.ts";
import validPortNumbers from "./traffic/valid-port-numbers.ts";

/** Every rule, by topic. */
export const rules: readonly Rule[] = [
  requireEveryValidator,
  uniqueValidators,
  uniqueKeystoreMounts,
  requireSigningStateGuard,
  validNodeFiles,
  noGenesisChange,
  validChainId,
  requireFullPeerMesh,
  noHaltingSettings,
  noUnsafeSettings,
  validListenAddresses,
  validStateSync,
  noSettingOverrides,
  validValidatorWaves,
  requireRollingUpdates,
  requireCaughtUpReadiness,
  requireServicesFirst,
  requireSidecarLast,
  validDisruptionBudget,
  noMissingBudgetPods,
  requirePinnedImage,
  requireOneReplica,
  requireGracePeriod,
  noEarlyKills,
  requireNodeAsPid1,
  requireRetainedVolumes,
  requirePodSpread,
  requireRestrictedPods,
  noTokenMounts,
  requireMemoryHeadroom,
  uniquePodSelectors,
  requireTypedClaimTemplates,
  noMissingConfigMap,
  noMissingSealedSecret,
  noMissingVolume,
  noMissingProbePort,
  noMissingGoverningService,
  requirePeerTraffic,
  validPortNumbers,
  requireDefaultDeny,
  noUnknownFlows,
  noUndeclaredPublicPorts,
  noUnsafeJsonRpc,
  noMissingServicePods,
  noMissingPolicyPods,
  noMissingIngressBackend,
  noUndeclaredCloudNames,
  noMissingAnnotatedPort,
  requireGkeVersion,
  requireHealthCheckTraffic,
  requireWebsocketTimeout,
  validPublicEndpoints,
  noMissingBackendConfig,
  noMissingFrontendConfig,
  requireKeptObjects,
  noReplacement,
  validApplicationSync,
  validApplicationPath,
  noWideProject,
  noDisallowedKinds,
  noOversizedObjects,
  validNamesAndLabels,
  noPlainSecret,
];
