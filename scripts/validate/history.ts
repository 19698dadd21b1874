import { keystoresFolder } from "generators/network/paths.ts";
import { OperatorError } from "generators/operator-error.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { repositoryOf } from "../lib/git.ts";
import { GitError } from "../lib/run-git.ts";
import { kustomize } from "../objects/kustomize.ts";
import { type Manifest, parseManifests } from "../objects/manifests.ts";
import type { Before } from "../rules/rule.ts";
import { type EarlierCommits, earlierCommits } from "./earlier/commits.ts";
import { overlaysIn, placementsAt } from "./earlier/placements.ts";
import { inFolder, readPresent, type Snapshot, snapshotOf } from "./earlier/snapshot.ts";

/** Overlays at earlier commits, and what hinders a comparison with them. */
export interface History {
  /** The overlays that there were. */
  overlays: readonly string[];
  /** An overlay at each of the commits, newest first. It need not have been there. */
  before(overlay: string): Before[];
  findings: Finding[];
}

/**
 * Every overlay of the last commit, for what is not committed yet; where nothing is, of the commit before it. A named
 * commit counts instead of that one. Overlays that are as they are now are not built again.
 *
 * @param since the named commit.
 * @throws {OperatorError} when the clone does not have the named commit.
 */
export async function history(root: string, since?: string): Promise<History> {
  if (repositoryOf(root) === undefined) {
    const message = "nothing is compared with an earlier commit: this is not a git clone";
    return historyOf([], [{ ...errorAt("history", "", message), severity: "warning" }]);
  }
  try {
    const present = readPresent(root);
    const snapshots = await snapshotsOf(root, await earlierCommits(root, since), present);
    const earlier = await Promise.all(snapshots.filter(isOther).map(overlaysAt));
    return historyOf(
      earlier,
      earlier.flatMap(({ findings }) => findings),
    );
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return historyOf([], [errorAt("history", "", error.message)]);
  }
}

const historyOf = (earlier: readonly Earlier[], findings: Finding[]): History => ({
  overlays: [...new Set(earlier.flatMap(({ overlays }) => [...overlays.keys()]))],
  before: (overlay) =>
    earlier.map(({ commit, placements, overlays }) => ({
      commit,
      placements,
      ...(overlays.get(overlay) ?? { keystores: new Map() }),
    })),
  findings,
});

/** What is not committed yet follows the last commit, as that one followed the commit before it. */
export async function snapshotsOf(
  root: string,
  { head, before, named }: EarlierCommits,
  present: ReadonlyMap<string, Buffer>,
): Promise<Snapshot[]> {
  if (head === undefined) return [];
  const last = await snapshotOf(root, head, present);
  const other = named ?? (isOther(last) ? undefined : await before());
  return other === undefined ? [last] : [last, await snapshotOf(root, other, present)];
}

const isOther = ({ changed }: Snapshot) => changed.size > 0;

/** What there was at one commit. */
export interface Earlier extends Pick<Before, "commit" | "placements"> {
  overlays: ReadonlyMap<string, Omit<Before, "commit" | "placements">>;
  findings: Finding[];
}

/** The overlays of one commit. */
export async function overlaysAt(snapshot: Snapshot): Promise<Earlier> {
  const { commit, files } = snapshot;
  try {
    const placements = placementsAt(snapshot);
    const built = await builds(snapshot, overlaysIn(files));
    const overlays = overlaysIn(files).map((overlay) => {
      const keystores = new Map([...files].filter(([path]) => path.startsWith(`${keystoresFolder(overlay)}/`)));
      const placement = placements.find(({ network }) => network === overlay);
      return [overlay, { manifests: built.manifests.get(overlay), placement, keystores }] as const;
    });
    return { commit, placements, overlays: new Map(overlays), findings: built.findings };
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    return { commit, placements: [], overlays: new Map(), findings: [errorAt("history", "", error.message)] };
  }
}

/** The objects of the overlays whose files were others then. */
async function builds(snapshot: Snapshot, overlays: readonly string[]) {
  const manifests = new Map<string, Manifest[]>();
  const findings: Finding[] = [];
  const others = overlays.filter((overlay) => isChanged(snapshot, overlay));
  if (others.length === 0) return { manifests, findings };
  await inFolder(snapshot, (folder) =>
    Promise.all(
      others.map(async (overlay) => {
        try {
          manifests.set(overlay, parseManifests(await kustomize(folder, overlay)));
        } catch (error) {
          if (!(error instanceof OperatorError)) throw error;
          // Argo CD could not sync it either, so the objects in the cluster are those of a commit before it.
          const message = `the objects of commit ${snapshot.commit} are not compared: ${error.message.replaceAll(folder, "")}`;
          findings.push({ ...errorAt("history", "", message), severity: "warning" });
        }
      }),
    ),
  );
  return { manifests, findings };
}

/** Whether an overlay's objects can have been others then than they are now. */
export const isChanged = ({ changed }: Snapshot, overlay: string): boolean =>
  [...changed].some((path) => path.startsWith("base/") || path.startsWith(`overlays/${overlay}/`));
