import { labelSelector } from "generators/label-selector.ts";
import { type KeylessKind, keylessLabels } from "generators/network/keyless.ts";
import { gateLabels, nodeLabels } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import { OperatorError } from "generators/operator-error.ts";
import { type Api, ApiFailure, type KubeObject } from "../lib/cluster/api.ts";
import type { PodFacts } from "./facts.ts";

/**
 * The validators' pods, by index.
 *
 * @throws {OperatorError} when the API server does not show them.
 */
export async function collectPods(network: Network, api: Api): Promise<Map<number, PodFacts>> {
  const items = await listPods(network, api, nodeLabels(network));
  return new Map(items.map((pod) => [Number(pod.metadata.labels.id), podFacts(pod)]));
}

/**
 * The pods of a kind of nodes without keys, by name.
 *
 * @throws {OperatorError} when the API server does not show them.
 */
export async function collectKeylessPods(
  network: Network,
  api: Api,
  kind: KeylessKind,
): Promise<Map<string, PodFacts>> {
  const items = await listPods(network, api, keylessLabels(network, kind));
  return new Map(items.map((pod) => [pod.metadata.name, podFacts(pod)]));
}

/**
 * The pods of gates that have not ended: they hold a sync until they do.
 *
 * @throws {OperatorError} when the API server does not show them.
 */
export async function collectGates(network: Network, api: Api): Promise<PodFacts[]> {
  const items = await listPods(network, api, gateLabels(network));
  return items.map(podFacts).filter(({ phase, isGoing }) => !isGoing && (phase === "Pending" || phase === "Running"));
}

async function listPods(
  { namespace }: Network,
  { request, config }: Api,
  labels: Record<string, string>,
): Promise<KubeObject[]> {
  const selector = labelSelector(labels);
  const { items } = await request(`/api/v1/namespaces/${namespace}/pods`, { query: { labelSelector: selector } }).catch(
    (error) => {
      if (!(error instanceof ApiFailure)) throw error;
      const why =
        error.code === 403
          ? `may not list the pods of namespace ${namespace}: it needs the Role of docs/operating.md, "Who may look"`
          : `gets no pods of namespace ${namespace}: ${error.message}`;
      throw new OperatorError(`context ${config.getCurrentContext()} ${why}`);
    },
  );
  return items;
}

/** A node's pod as facts. The node's container is the first. */
export function podFacts({ metadata, spec, status = {} }: KubeObject): PodFacts {
  const { conditions = [], containerStatuses = [], initContainerStatuses = [] } = status;
  const conditionOf = (type: string) => conditions.find((each: KubeObject) => each.type === type);
  const ready = conditionOf("Ready");
  // The states of containers are in the order of their names.
  const node = containerStatuses.find(({ name }: KubeObject) => name === spec.containers[0]?.name);
  const reason = reasonOf([...initContainerStatuses, ...containerStatuses], conditions);
  const end = node?.lastState?.terminated;
  const next = spec.volumes?.find(({ image }: KubeObject) => image)?.image.reference;
  return {
    name: metadata.name,
    ...(spec.nodeName && { machine: spec.nodeName }),
    phase: status.phase ?? "Unknown",
    isReady: ready?.status === "True",
    isGoing: metadata.deletionTimestamp !== undefined,
    since: Date.parse(ready?.lastTransitionTime ?? metadata.creationTimestamp),
    ...(reason && { reason }),
    image: spec.containers[0]?.image ?? "",
    ...(next && { nextImage: next }),
    restarts: node?.restartCount ?? 0,
    ...(end && { lastEnd: { reason: end.reason ?? `exit code ${end.exitCode}`, at: Date.parse(end.finishedAt) } }),
  };
}

// What every pod passes through.
const passing = ["ContainerCreating", "PodInitializing"];

/** Why a pod is not ready: a container that waits, the scheduler, or a readiness gate. */
function reasonOf(containers: KubeObject[], conditions: KubeObject[]): string | undefined {
  const waiting = containers.map(({ state }) => state?.waiting).find((each) => each && !passing.includes(each.reason));
  if (waiting) return [waiting.reason, waiting.message].filter(Boolean).join(": ");
  const scheduled = conditions.find(({ type }) => type === "PodScheduled");
  if (scheduled?.status === "False") return `${scheduled.reason}: ${scheduled.message}`;
  const failed = containers.map(({ state }) => state?.terminated).find((each) => each && each.exitCode !== 0);
  if (failed) return [failed.reason, failed.message].filter(Boolean).join(": ");
  const gate = conditions.find(({ type, status }) => type.includes("/") && status !== "True");
  return gate && `the readiness gate ${gate.type} is ${gate.status}`;
}
