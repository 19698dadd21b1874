import backendConfigExists from "./backend-config-exists.ts";
import configMapExists from "./config-map-exists.ts";
import consensusSettings from "./consensus-settings.ts";
import defaultDeny from "./default-deny.ts";
import disruptionBudgetSelectsPods from "./disruption-budget-selects-pods.ts";
import disruptionBudgetSparesQuorum from "./disruption-budget-spares-quorum.ts";
import frontendConfigExists from "./frontend-config-exists.ts";
import fullPeerMesh from "./full-peer-mesh.ts";
import ingressBackendExists from "./ingress-backend-exists.ts";
import keptOnDeletion from "./kept-on-deletion.ts";
import keystoreOfOnePod from "./keystore-of-one-pod.ts";
import memoryHeadroom from "./memory-headroom.ts";
import networkPolicySelectsPods from "./network-policy-selects-pods.ts";
import noPlainSecret from "./no-plain-secret.ts";
import nodeIsPid1 from "./node-is-pid-1.ts";
import onePinnedImage from "./one-pinned-image.ts";
import oneReplica from "./one-replica.ts";
import onlyDeclaredPortsPublic from "./only-declared-ports-public.ts";
import probePortExists from "./probe-port-exists.ts";
import restrictedPods from "./restricted-pods.ts";
import type { Rule } from "./rule.ts";
import safeJsonRpc from "./safe-json-rpc.ts";
import secretIsSealed from "./secret-is-sealed.ts";
import serviceSelectsPods from "./service-selects-pods.ts";
import servicesBeforeValidators from "./services-before-validators.ts";
import statefulSetHasService from "./statefulset-has-service.ts";
import timeToStop from "./time-to-stop.ts";
import validatorsApart from "./validators-apart.ts";
import volumeMountExists from "./volume-mount-exists.ts";
import volumesAreKept from "./volumes-are-kept.ts";
import wavesFollowRollout from "./waves-follow-rollout.ts";

/** Every rule: what must hold for the chain first, then for security and resources, then that references resolve. */
export const rules: readonly Rule[] = [
  oneReplica,
  wavesFollowRollout,
  servicesBeforeValidators,
  keystoreOfOnePod,
  fullPeerMesh,
  timeToStop,
  nodeIsPid1,
  volumesAreKept,
  keptOnDeletion,
  onePinnedImage,
  consensusSettings,
  disruptionBudgetSparesQuorum,
  validatorsApart,
  restrictedPods,
  defaultDeny,
  onlyDeclaredPortsPublic,
  safeJsonRpc,
  noPlainSecret,
  memoryHeadroom,
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
