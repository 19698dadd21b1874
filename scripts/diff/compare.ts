import { generate } from "generators/generate.ts";
import type { Network } from "generators/network/schema.ts";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import { repositoryOf } from "../lib/git.ts";
import { overlayNames } from "../objects/kustomize.ts";
import { build } from "../objects/overlays.ts";
import type { Before } from "../rules/rule.ts";
import { readKeystoresFolder } from "../seal/keystores-folder.ts";
import { earlierCommits } from "../validate/earlier/commits.ts";
import { readPresent } from "../validate/earlier/snapshot.ts";
import { isChanged, overlaysAt, snapshotsOf } from "../validate/history.ts";
import { consequences, pushOf } from "./consequences.ts";
import type { ChangedObject } from "./objects.ts";
import { refused } from "./refused.ts";
import { byRisk, type Consequence } from "./risk.ts";

/** What a push does to one overlay. */
export interface OverlayDiff {
  overlay: string;
  /** Whether it is only in the earlier commit, only here, or in both. */
  state: "gone" | "new" | "kept";
  /** Who applies it: Argo CD, or a person. */
  appliedBy: "Argo CD" | "a person";
  /** The worst first; none where nothing changes. */
  consequences: readonly Consequence[];
  objects: readonly ChangedObject[];
}

/** What a push does, compared with a commit. */
export interface Comparison {
  /** The commit, shortened; undefined where there is none yet. */
  commit?: string | undefined;
  overlays: readonly OverlayDiff[];
}

/**
 * The overlays as they are now, beside those of the commit that `pnpm validate` compares with, too: of what is not committed
 * yet the last one, else the one before it, or the named one. What is committed is what Argo CD applies, so the files of that
 * commit are built as they are.
 *
 * @param names the overlays; all where there are none, those that are gone included.
 * @throws {OperatorError} when git can't say, an overlay does not build, or the files are not those that `pnpm gen` writes.
 * @throws {UsageError} when there is no overlay of a name, neither now nor then.
 */
export async function compare(root: string, names: readonly string[] = [], since?: string): Promise<Comparison> {
  if (repositoryOf(root) === undefined)
    throw new OperatorError("there is no commit to compare with: this is not a git clone");
  const { networks, diff } = await generate(root, { write: false });
  const stale = Object.values(diff).flat();
  if (stale.length > 0)
    throw new OperatorError(
      `${stale.length} files differ from what \`pnpm gen\` writes, such as ${stale[0]}: run it first`,
    );
  const present = readPresent(root);
  const commits = await earlierCommits(root, since);
  const snapshots = await snapshotsOf(root, commits, present);
  const snapshot = snapshots.at(-1);
  const isFirst = snapshots.length < 2 && snapshot?.changed.size === 0;
  if (!snapshot || isFirst)
    return {
      overlays: await Promise.all(known(overlayNames(root), [], names).map((name) => newOverlay(root, name, networks))),
    };
  const earlier = await overlaysAt(snapshot);
  const [problem] = earlier.findings;
  if (problem) throw new OperatorError(problem.message);
  const now = overlayNames(root);
  const wanted = known(now, [...earlier.overlays.keys()], names);
  const overlays = await Promise.all(
    wanted.map(async (overlay): Promise<OverlayDiff> => {
      const network = networks.find(({ name }) => name === overlay);
      const then = earlier.overlays.get(overlay);
      if (!then) return newOverlay(root, overlay, networks);
      if (!isChanged(snapshot, overlay))
        return { overlay, state: "kept", appliedBy: appliedBy(network), consequences: [], objects: [] };
      const before: Before = { ...then, commit: earlier.commit, placements: earlier.placements };
      return diffOf(
        overlay,
        now.includes(overlay) ? (await build(root, overlay)).manifests : undefined,
        network,
        before,
        readKeystoresFolder(root, overlay),
      );
    }),
  );
  return { commit: earlier.commit, overlays };
}

/** The wanted overlays, of those that are there now or were there. */
function known(now: readonly string[], then: readonly string[], names: readonly string[]): string[] {
  const all = [...new Set([...now, ...then])].sort();
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0)
    throw new UsageError(`there is no overlay ${unknown.join(", ")}; there are ${all.join(", ")}`);
  return names.length > 0 ? [...names] : all;
}

/** An overlay beside what it was at a commit; without objects, it is gone. */
export function diffOf(
  overlay: string,
  manifests: Awaited<ReturnType<typeof build>>["manifests"] | undefined,
  network: Network | undefined,
  before: Before,
  keystores: Before["keystores"],
): OverlayDiff {
  const push = pushOf(overlay, {
    network,
    was: { manifests: before.manifests ?? [], keystores: before.keystores },
    is: { manifests: manifests ?? [], keystores },
    placement: before.placement,
    placements: before.placements,
  });
  const found = byRisk([...refused(manifests ?? [], network, before, keystores), ...consequences(push)]);
  return {
    overlay,
    state: manifests ? "kept" : "gone",
    appliedBy: appliedBy(network),
    consequences: found,
    objects: push.objects,
  };
}

async function newOverlay(root: string, overlay: string, networks: readonly Network[]): Promise<OverlayDiff> {
  const network = networks.find(({ name }) => name === overlay);
  const before = { commit: "", placements: [], keystores: new Map() };
  const { manifests } = await build(root, overlay);
  return { ...diffOf(overlay, manifests, network, before, readKeystoresFolder(root, overlay)), state: "new" };
}

const appliedBy = (network: Network | undefined) => (network?.argocd ? "Argo CD" : "a person");
