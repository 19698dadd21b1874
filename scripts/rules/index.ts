import annotatedPortsExist from "./annotated-ports-exist.ts";
import applicationDeploysItsOverlay from "./application-deploys-its-overlay.ts";
import applicationKeepsObjects from "./application-keeps-objects.ts";
import backendConfigExists from "./backend-config-exists.ts";
import chainKeepsGoing from "./chain-keeps-going.ts";
import claimTemplatesAreTyped from "./claim-templates-are-typed.ts";
import cloudNamesAreDeclared from "./cloud-names-are-declared.ts";
import configMapExists from "./config-map-exists.ts";
import consensusSettings from "./consensus-settings.ts";
import defaultDeny from "./default-deny.ts";
import disruptionBudgetSelectsPods from "./disruption-budget-selects-pods.ts";
import disruptionBudgetSparesQuorum from "./disruption-budget-spares-quorum.ts";
import everyValidator from "./every-validator.ts";
import frontendConfigExists from "./frontend-config-exists.ts";
import fullPeerMesh from "./full-peer-mesh.ts";
import genesisUnchanged from "./genesis-unchanged.ts";
import gkeVersion from "./gke-version.ts";
import healthCheckReachesPods from "./health-check-reaches-pods.ts";
import ingressBackendExists from "./ingress-backend-exists.ts";
import keptOnDeletion from "./kept-on-deletion.ts";
import keystoreOfOnePod from "./keystore-of-one-pod.ts";
import listensWhereAsked from "./listens-where-asked.ts";
import memoryHeadroom from "./memory-headroom.ts";
import namesAndLabels from "./names-and-labels.ts";
import networkPolicySelectsPods from "./network-policy-selects-pods.ts";
import neverReplaced from "./never-replaced.ts";
import noPlainSecret from "./no-plain-secret.ts";
import noTokenMounts from "./no-token-mounts.ts";
import nodeFindsItsFiles from "./node-finds-its-files.ts";
import nodeIsPid1 from "./node-is-pid-1.ts";
import nothingKillsEarly from "./nothing-kills-early.ts";
import nothingOverridesFiles from "./nothing-overrides-files.ts";
import objectSizes from "./object-sizes.ts";
import oneChainId from "./one-chain-id.ts";
import onePinnedImage from "./one-pinned-image.ts";
import oneReplica from "./one-replica.ts";
import onlyDeclaredPortsPublic from "./only-declared-ports-public.ts";
import onlyKnownFlows from "./only-known-flows.ts";
import peersGetThrough from "./peers-get-through.ts";
import portsLeadToTheirNames from "./ports-lead-to-their-names.ts";
import probePortExists from "./probe-port-exists.ts";
import projectAllowsAll from "./project-allows-all.ts";
import projectIsNarrow from "./project-is-narrow.ts";
import publicEndpoints from "./public-endpoints.ts";
import readyMeansCaughtUp from "./ready-means-caught-up.ts";
import restrictedPods from "./restricted-pods.ts";
import type { Rule } from "./rule.ts";
import safeJsonRpc from "./safe-json-rpc.ts";
import secretIsSealed from "./secret-is-sealed.ts";
import selectorsAreOwn from "./selectors-are-own.ts";
import serviceSelectsPods from "./service-selects-pods.ts";
import servicesBeforeValidators from "./services-before-validators.ts";
import sidecarComesLast from "./sidecar-comes-last.ts";
import signingStateIsGuarded from "./signing-state-is-guarded.ts";
import stateSyncIsDeclared from "./state-sync-is-declared.ts";
import statefulSetHasService from "./statefulset-has-service.ts";
import timeToStop from "./time-to-stop.ts";
import updatesRoll from "./updates-roll.ts";
import validatorsApart from "./validators-apart.ts";
import validatorsAreDistinct from "./validators-are-distinct.ts";
import volumeMountExists from "./volume-mount-exists.ts";
import volumesAreKept from "./volumes-are-kept.ts";
import wavesFollowRollout from "./waves-follow-rollout.ts";
import webSocketsStayOpen from "./web-sockets-stay-open.ts";

/**
 * Every rule: what must hold for the chain first, then for security, the cloud and the API server, then that references
 * resolve.
 */
export const rules: readonly Rule[] = [
  everyValidator,
  oneReplica,
  keystoreOfOnePod,
  validatorsAreDistinct,
  selectorsAreOwn,
  signingStateIsGuarded,
  nodeFindsItsFiles,
  genesisUnchanged,
  oneChainId,
  wavesFollowRollout,
  updatesRoll,
  readyMeansCaughtUp,
  servicesBeforeValidators,
  sidecarComesLast,
  fullPeerMesh,
  peersGetThrough,
  chainKeepsGoing,
  listensWhereAsked,
  portsLeadToTheirNames,
  timeToStop,
  nothingKillsEarly,
  nodeIsPid1,
  nothingOverridesFiles,
  volumesAreKept,
  keptOnDeletion,
  neverReplaced,
  applicationKeepsObjects,
  applicationDeploysItsOverlay,
  onePinnedImage,
  consensusSettings,
  stateSyncIsDeclared,
  disruptionBudgetSparesQuorum,
  validatorsApart,
  restrictedPods,
  noTokenMounts,
  defaultDeny,
  onlyKnownFlows,
  onlyDeclaredPortsPublic,
  safeJsonRpc,
  noPlainSecret,
  projectIsNarrow,
  projectAllowsAll,
  cloudNamesAreDeclared,
  annotatedPortsExist,
  gkeVersion,
  healthCheckReachesPods,
  webSocketsStayOpen,
  publicEndpoints,
  memoryHeadroom,
  objectSizes,
  namesAndLabels,
  claimTemplatesAreTyped,
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
