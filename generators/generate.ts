import { refuseUnknownNetworks } from "./declared.ts";
import { loadSources } from "./load.ts";
import { refuseClashes } from "./network/between.ts";
import type { Network } from "./network/schema.ts";
import { render, type Source } from "./render.ts";
import { diffTree, readPresent, type Tree, type TreeDiff } from "./tree.ts";
import { mendTree, refuseUnfinished } from "./write-journal.ts";
import { writeTree } from "./write-tree.ts";

/** The networks that gen rendered, to how many files, and how the disk differed from them. */
export interface Generated {
  networks: Network[];
  files: number;
  diff: TreeDiff;
}

export interface GenerateOptions {
  /** The networks whose overlays are written, all when empty. base/ and overlays/argocd follow every network. */
  only?: readonly string[];
  /** False leaves the disk as it is. */
  write?: boolean;
  /**
   * New content of files that networks read, such as validators.json or the seal lock. The networks are rendered from
   * it, and it is written together with the rendered files.
   */
  inputs?: Tree;
  /** Networks that are not on disk yet; `inputs` has their files. */
  added?: readonly Source[];
  /** Files that are no longer read. They are removed together with the stale rendered files. */
  removed?: readonly string[];
}

/**
 * Renders the declared networks and makes base/ and overlays/ equal to the result. Sealed keystores stay as they are,
 * but for those that `inputs` and `removed` name.
 *
 * @throws {OperatorError} when a network can't be rendered, a file can't be written, or, without `write`, when a killed
 * run has replaced only some of the files. Nothing is written then.
 * @throws {UsageError} when `only` names a network that is not declared.
 */
export async function generate(root: string, options: GenerateOptions = {}): Promise<Generated> {
  const { only = [], write = true, inputs = new Map(), added = [], removed = [] } = options;
  if (write) mendTree(root);
  else refuseUnfinished(root);
  const all = [...(await loadSources(root, inputs)), ...added];
  // In this order, so that what is said of a clash is said of the network that is added.
  refuseClashes(all.map(({ network }) => network));
  const sources = all.toSorted(byName);
  const networks = sources.map(({ network }) => network);
  const names = networks.map(({ name }) => name);
  refuseUnknownNetworks(only, names);
  const isWanted = (path: string) => isGenerated(path) && (only.length === 0 || belongsTo(path, only, names));
  const tree: Tree = new Map([...[...render(sources)].filter(([path]) => isWanted(path)), ...inputs]);
  const given = new Set([...inputs.keys(), ...removed]);
  const isOwned = (path: string) => isWanted(path) || given.has(path);
  const diff = diffTree(tree, readPresent(root, ["base", "overlays", ...given], isOwned));
  if (write && Object.values(diff).flat().length > 0) writeTree(root, tree, diff);
  return { networks, files: tree.size, diff };
}

const byName = (a: Source, b: Source) => (a.network.name < b.network.name ? -1 : 1);

/** Everything below base/ and overlays/ is generated, except for the keystores that `pnpm seal` writes. */
const isGenerated = (path: string) => !/^overlays\/[^/]+\/keystores(\/|$)/.test(path);

/** Whether a file belongs to the wanted networks: any file but those in the overlay of another network. */
function belongsTo(path: string, wanted: readonly string[], all: readonly string[]): boolean {
  const [top, overlay] = path.split("/");
  return top !== "overlays" || overlay === undefined || wanted.includes(overlay) || !all.includes(overlay);
}
