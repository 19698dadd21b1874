import { type Api, ApiFailure, ifThere, type KubeObject, reasonOf } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { Manifest } from "../objects/manifests.ts";
import { differences, written } from "./differences.ts";
import { pathOf } from "./object-path.ts";
import { sharedFields } from "./shared-fields.ts";
import { shortList } from "./short-list.ts";
import type { Subject } from "./subject.ts";

/** What the API server would make of an object, if it were applied as Argo CD applies it. */
export interface ObjectFacts {
  object: string;
  isThere: boolean;
  /** The fields that would change; none where it is new. */
  changes: string[];
  /** The fields that other clients have, each with the client: Argo CD would take them over. */
  conflicts: string[];
  /** The fields that other clients would still have beside Argo CD, each with the client: it could never remove them. */
  shared: string[];
  /** Why it would be refused, in the API server's words. */
  refusal?: { code: number; message: string };
  unknown?: string;
}

// Argo CD's name among the managers of fields, with which its server-side apply is tried.
const manager = "argocd-controller";
// The API server bears more; a cluster's person at kubectl should not feel it.
const together = 8;

/** Tries every object of the network, as a dry run: nothing is changed. Gates are left out, which Argo CD makes anew. */
export async function collectObjects({ api, objects }: Subject): Promise<ObjectFacts[]> {
  const tried = objects.filter(({ metadata }) => !metadata.annotations?.["argocd.argoproj.io/hook"]);
  const facts: ObjectFacts[] = [];
  for (let at = 0; at < tried.length; at += together) {
    facts.push(...(await Promise.all(tried.slice(at, at + together).map((each) => tryObject(api, each)))));
  }
  return facts;
}

async function tryObject(api: Api, manifest: Manifest): Promise<ObjectFacts> {
  const path = pathOf(manifest);
  const facts: ObjectFacts = {
    object: `${manifest.kind} ${manifest.metadata.name}`,
    isThere: false,
    changes: [],
    conflicts: [],
    shared: [],
  };
  const dryRun = (force: boolean) =>
    api.request(path, {
      method: "PATCH",
      query: { dryRun: "All", fieldManager: manager, force: String(force) },
      body: manifest,
      type: "application/apply-patch+yaml",
    });
  try {
    const live = await ifThere(api.request(path));
    const after = await dryRun(false).catch((failure) => {
      if (!(failure instanceof ApiFailure) || failure.code !== 409) throw failure;
      facts.conflicts = conflictsIn(failure.status);
      return dryRun(true);
    });
    if (!live) return facts;
    return {
      ...facts,
      isThere: true,
      changes: differences(written(live), written(after)),
      shared: sharedFields(after, manager),
    };
  } catch (failure) {
    if (!(failure instanceof ApiFailure)) throw failure;
    if (failure.code === 403 && /^\S+ .*is forbidden: User /.test(failure.message)) {
      return { ...facts, unknown: reasonOf(failure) };
    }
    return { ...facts, refusal: { code: failure.code, message: withoutValues(failure.message) } };
  }
}

/** A refusal without the objects and lists that it quotes, which can be whole pages. */
export const withoutValues = (message: string) => message.replace(/Invalid value: [[{].*?[\]}]: (?=[a-z])/gs, "");

/** The fields of a conflict, each with who has it: `.spec.replicas (kubectl-client-side-apply)`. */
export const conflictsIn = ({ details }: KubeObject): string[] =>
  (details?.causes ?? []).map(
    ({ message, field }: KubeObject) => `${field} (${/"([^"]+)"/.exec(message)?.[1] ?? "another client"})`,
  );

// Whose fields Argo CD takes over by itself.
const migrated = /\((kubectl-client-side-apply|argocd-controller)\)$/;

/** What the next sync would change, and what would stop it. */
export function judgeObjects(all: readonly ObjectFacts[]): Verdict[] {
  const about = "objects";
  const untried = all.filter(({ unknown }) => unknown !== undefined);
  const found = all.flatMap(judgeObject);
  const [first] = untried;
  if (first) {
    const says = `${untried.length} of ${all.length} were not tried (${first.unknown})`;
    found.push(
      warning(about, says, "A dry run takes permission to patch and create: docs/operating.md, Who may look."),
    );
  }
  const same = all.filter((each) => each.isThere && each.changes.length === 0 && !each.refusal && !each.unknown).length;
  const made = all.filter((each) => !each.isThere && !each.refusal && !each.unknown).length;
  if (same > 0) found.push(ok(about, `${same} of ${all.length} are as they are committed`));
  if (made > 0) found.push(ok(about, `${made} of ${all.length} are new, and the API server would take them`));
  return found;
}

function judgeObject({ object, changes, conflicts, shared, refusal }: ObjectFacts): Verdict[] {
  if (refusal) {
    const isImmutable = /immutable|forbidden: updates to|may not change/.test(refusal.message);
    const isNamespaceMissing = refusal.code === 404 && /namespaces "/.test(refusal.message);
    if (isNamespaceMissing) return [ok(object, "could not be tried: the first sync makes its namespace")];
    const remedy = isImmutable ? "Read docs/runbooks/immutable-fields.md." : "Correct what it names, and push.";
    return [error(object, `would be refused: ${refusal.message}`, remedy)];
  }
  const verdicts: Verdict[] = [];
  const foreign = conflicts.filter((each) => !migrated.test(each));
  if (foreign.length > 0) {
    verdicts.push(
      warning(
        object,
        `has fields of other clients: ${foreign.join(", ")}`,
        "The sync takes them over; see docs/runbooks/adopt.md, See who wrote the objects.",
      ),
    );
  }
  const kept = shared.filter((each) => !migrated.test(each));
  if (kept.length > 0) {
    verdicts.push(
      warning(
        object,
        `has fields that another client would keep: ${shortList(kept, 1)}`,
        "No push could take them away: docs/runbooks/stuck-rollout.md, A field that stays.",
      ),
    );
  }
  if (changes.length > 0) verdicts.push(ok(object, `would change: ${changes.join(", ")}`));
  return verdicts;
}
