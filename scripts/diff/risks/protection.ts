import { keylessKinds } from "generators/network/keyless.ts";
import { isHook, type Manifest } from "../../objects/manifests.ts";
import { validatorSets } from "../../objects/validators.ts";
import type { ChangedObject } from "../objects.ts";
import { type Push, spared } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";

const risk = "becomes public or loses protection";

/** Guards that go or get weaker: gates, disruption budgets, what keeps objects from being deleted, what confines pods. */
export function* protection({ was, is, objects, network }: Push): Iterable<Consequence> {
  const runs = validatorSets(is.manifests).length > 0;
  const gates = [was, is].map(({ manifests }) => manifests.filter(isHook).length);
  if (runs && (gates[0] ?? 0) > 0 && gates[1] === 0)
    yield { risk, message: "No gate asks the chain before validators restart." };
  yield* alike(objects, (each) => budgetWords(each, network ? spared(network).most : 0));
  yield* alike(objects, keptWords);
  yield* alike(objects, podWords);
  yield* alike(objects, namespaceWords);
  yield* alike(objects, argoWords);
  for (const object of objects) {
    if (object.was && !object.is && runs && object.id.startsWith("PodDisruptionBudget/")) {
      yield { risk, message: `${object.id} goes: a drain of machines may take ${whose(object.was)} down together.` };
    }
    if (
      object.id.startsWith("FrontendConfig/") &&
      object.fields.some(({ path, was, is }) => path.includes("redirectToHttps") && was === true && is !== true)
    ) {
      yield { risk, message: `${object.id} does not lead http to https any more.` };
    }
  }
}

/** Whose pods a budget is about. */
const whose = (budget: Manifest) =>
  keylessKinds.some((kind) => budget.metadata.name.endsWith(`-${kind}`)) ? "its nodes" : "validators";

/** The same sentence about several objects, once. */
function* alike(
  objects: readonly ChangedObject[],
  wordsOf: (object: ChangedObject) => readonly string[],
): Iterable<Consequence> {
  const found = objects.flatMap((object) => wordsOf(object).map((words) => ({ id: object.id, words })));
  for (const [words, group] of Map.groupBy(found, (each) => each.words)) {
    yield { risk, message: `${listed(group.map(({ id }) => id))}: ${words}.` };
  }
}

/** A budget that follows the validators that run spares no more than the chain does. */
function budgetWords({ id, was, is, fields }: ChangedObject, most: number): string[] {
  if (!id.startsWith("PodDisruptionBudget/") || !was || !is) return [];
  return fields.flatMap(({ path, was, is }) =>
    path === "spec.maxUnavailable" && Number(is) > Math.max(Number(was), most)
      ? [`a drain of machines may take ${is} validators down together, not ${was}`]
      : [],
  );
}

function keptWords({ was, is }: ChangedObject): string[] {
  if (!was || !is) return [];
  const lost = optionsOf(was).filter((each) => /^(Prune|Delete)=/.test(each) && !optionsOf(is).includes(each));
  return lost.length > 0 ? [`without ${listed(lost)} nothing keeps Argo CD from deleting it`] : [];
}

const optionsOf = ({ metadata }: Manifest) =>
  metadata.annotations?.["argocd.argoproj.io/sync-options"]?.split(",") ?? [];

const confining =
  /securityContext|host(Network|PID|IPC|Users|Path)|automountServiceAccountToken|serviceAccount|shareProcess/;

const podWords = ({ was, is, fields }: ChangedObject) =>
  was && is && /^(StatefulSet|Deployment|Job|CronJob)$/.test(is.kind)
    ? fields
        .filter(({ path }) => confining.test(path))
        .map(({ path, was, is }) => `${path} is ${shown(is)}, not ${shown(was)}`)
    : [];

const namespaceWords = ({ id, fields }: ChangedObject) =>
  id.startsWith("Namespace/")
    ? fields
        .filter(({ path }) => path.includes("pod-security"))
        .map(({ path, was, is }) => `${path} is ${shown(is)}, not ${shown(was)}`)
    : [];

/** Of Argo CD's own objects: what an Application may touch, and whether the cluster still follows git. */
const argoWords = ({ was, is, fields }: ChangedObject) =>
  was && is && /^(AppProject|Application)$/.test(is.kind)
    ? fields.map(({ path, was, is }) => `${path} is ${shown(is)}, not ${shown(was)}`)
    : [];

const shown = (value: unknown) => (value === undefined ? "unset" : JSON.stringify(value));
