import { roundSeconds } from "generators/mezod/pace.ts";
import type { Network } from "generators/network/schema.ts";
import type { Deployment } from "kubernetes-types/apps/v1.js";
import { type Manifest, waveOf } from "../../objects/manifests.ts";
import { nodeContainer, type ValidatorSet, validatorSets } from "../../objects/validators.ts";
import { isAsleep, isDown, isRestarted, isStopped, keptValidators, type Push } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";

/** The validators that restart, those of one sync wave together, in the order of the waves. */
export function restartGroups(push: Push): string[][] {
  const restarted = keptValidators(push).filter(isRestarted);
  const waves = Map.groupBy(restarted, ({ is }) => waveOf(is));
  const inOrder = [...waves].sort(([one], [other]) => one - other);
  return inOrder.map(([, group]) => group.map(({ name }) => name));
}

/** What restarts, starts and stops: validators in their order and about how long that takes, then everything else. */
export function* restarts(push: Push): Iterable<Consequence> {
  const groups = restartGroups(push);
  if (groups.length > 0) yield { risk: "restarts validators", message: orderOf(push, groups) };
  for (const { name, was, is } of keptValidators(push)) {
    if (isDown(was) && !isDown(is)) yield { risk: "restarts validators", message: `${name} starts again.` };
    if (!isStopped(was) && isStopped(is)) yield { risk: "restarts validators", message: `${name} stops.` };
    if (!isAsleep(was) && isAsleep(is))
      yield { risk: "restarts validators", message: `The pod of ${name} sleeps: no node runs in it.` };
  }
  const known = validatorSets(push.was.manifests).map(({ metadata }) => metadata.name);
  const fresh = validatorSets(push.is.manifests).filter(({ metadata }) => !known.includes(metadata.name));
  if (fresh.length > 0) {
    const names = fresh.map(({ metadata }) => metadata.name);
    yield {
      risk: "restarts validators",
      message: `${listed(names)} start${names.length === 1 ? "s" : ""} for the first time.`,
    };
  }
  yield* others(push);
}

function orderOf({ network, is }: Push, groups: readonly string[][]): string {
  const names = groups.flat();
  const [set] = validatorSets(is.manifests).filter(({ metadata }) => names.includes(metadata.name));
  const seconds = set && network ? groups.length * restartSeconds(network, set) : 0;
  const time = seconds > 0 ? `, which takes about ${minutes(seconds)}` : "";
  if (names.length === 1) return `${names[0]} restarts${time}.`;
  if (groups.length === 1) return `${listed(names)} restart at once${time}.`;
  if (groups.every(({ length }) => length === 1))
    return `${listed(names)} restart one after the other, in this order${time}.`;
  return `The validators restart in ${groups.length} batches, ${groups.map(listed).join("; then ")}${time}.`;
}

// Estimates, which nobody has measured on a real network: to close LevelDB, to start mezod behind its preflight, and until
// GKE's load balancer has found a new pod healthy.
const closeSeconds = 5;
const startSeconds = 20;
const healthySeconds = 60;

/**
 * The seconds in which a batch restarts, where each node is in step again at once. The gate before it and its own votes take
 * two rounds each.
 */
export function restartSeconds(network: Pick<Network, "settings" | "gke">, set: ValidatorSet): number {
  const { lifecycle, readinessProbe } = nodeContainer(set) ?? {};
  const drain = (lifecycle?.preStop as { sleep?: { seconds: number } } | undefined)?.sleep?.seconds ?? 0;
  const ready = (readinessProbe?.periodSeconds ?? 0) * (readinessProbe?.successThreshold ?? 1);
  return drain + closeSeconds + startSeconds + ready + 4 * roundSeconds(network) + (network.gke ? healthySeconds : 0);
}

const minutes = (seconds: number) => (seconds < 90 ? "a minute" : `${Math.round(seconds / 60)} minutes`);

/** Pods of Deployments, such as the sidecars'. */
function* others({ objects }: Push): Iterable<Consequence> {
  const found = objects.flatMap(({ id, was, is }) => {
    if (!isPlainWorkload(was ?? is)) return [];
    const [before, now] = [was, is] as (Workload | undefined)[];
    const what = happens(before, now);
    return what ? [{ id, what }] : [];
  });
  for (const [what, group] of Map.groupBy(found, (each) => each.what)) {
    yield { risk: "restarts something else", message: `${listed(group.map(({ id }) => id))}: ${what}.` };
  }
}

function happens(was: Workload | undefined, is: Workload | undefined): string | undefined {
  if (!was) return "pods start for the first time";
  if (!is) return "pods go for good";
  if (isRestarted({ was, is })) return "pods restart";
  const [before, now] = [was.spec.replicas ?? 1, is.spec.replicas ?? 1];
  return before === now ? undefined : `the number of pods is ${now}, not ${before}`;
}

type Workload = Manifest & Deployment & { spec: { replicas?: number; template: unknown } };

const isPlainWorkload = (manifest: Manifest | undefined) =>
  manifest !== undefined &&
  (manifest.kind === "Deployment" || (manifest.kind === "StatefulSet" && manifest.metadata.labels?.type !== "node"));
