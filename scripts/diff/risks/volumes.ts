import { type ValidatorSet, validatorSets } from "../../objects/validators.ts";
import type { ChangedObject } from "../objects.ts";
import { keptValidators, mayHaveChain, type Push } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";
import { pruning } from "./pruning.ts";

const risk = "loses a volume";

/** Volumes that go, and validators that may start with an empty one. */
export function* volumes(push: Push): Iterable<Consequence> {
  const kept = keptValidators(push);
  const deleted = kept.filter(({ was, is }) => !isDeleted(was) && isDeleted(is)).map(({ name }) => name);
  if (deleted.length > 0)
    yield {
      risk,
      message: `The volumes of ${listed(deleted)} are deleted with their StatefulSets, or when they are paused.`,
    };
  const other = kept.filter(({ was, is }) => dataOf(was) !== dataOf(is)).map(({ name }) => name);
  if (other.length > 0) yield { risk, message: `The data of ${listed(other)} is on another volume than before.` };
  const empty = kept
    .filter(({ was, is }) => bootstrap(was) === "no" && bootstrap(is) === "yes")
    .map(({ name }) => name);
  if (empty.length > 0 && mayHaveChain(push)) {
    yield {
      risk,
      message: `${listed(empty)} may start with an empty volume: nothing looks after a lost one any more.`,
    };
  }
  for (const object of push.objects) yield* ofGone(push, object);
}

function* ofGone({ was }: Push, { id, was: before, is }: ChangedObject): Iterable<Consequence> {
  if (!before || is) return;
  const set = validatorSets(was.manifests).find((each) => each === before);
  const goes = pruning(before) === "never" ? "" : "goes";
  if (set && isDeleted(set)) yield { risk, message: `${id} goes, and its volume with it.` };
  if (id.startsWith("PersistentVolumeClaim/") && goes) yield { risk, message: `${id} goes, and what is on it.` };
  if (id.startsWith("Namespace/") && goes) yield { risk, message: `${id} goes, and everything in it.` };
}

const isDeleted = ({ spec: { persistentVolumeClaimRetentionPolicy: policy } }: ValidatorSet) =>
  policy?.whenDeleted === "Delete" || policy?.whenScaled === "Delete";

/** Where the node's data is: the mount, and the claim or volume behind it. */
function dataOf({ spec }: ValidatorSet): string {
  const pod = spec.template.spec;
  const mount = pod?.containers[0]?.volumeMounts?.find(({ mountPath }) => mountPath.endsWith("/data"));
  const claim = spec.volumeClaimTemplates?.find(({ metadata }) => metadata?.name === mount?.name)?.metadata?.name;
  const volume = pod?.volumes?.find(({ name }) => name === mount?.name);
  return JSON.stringify([mount, claim, volume]);
}

const bootstrap = ({ spec }: ValidatorSet) =>
  spec.template.spec?.initContainers?.[0]?.env?.find(({ name }) => name === "BOOTSTRAP")?.value;
