import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { refuseUnknownNetworks } from "./declared.ts";
import { loadSources } from "./load.ts";
import type { Network } from "./network/schema.ts";
import { withPictures } from "./picture.ts";
import { render } from "./render.ts";
import { diffTree, readTree, removeStages, type Tree, type TreeDiff, writeTree } from "./tree.ts";

/** What gen found, and did unless it only checked. */
export interface Generated {
  networks: Network[];
  files: number;
  diff: TreeDiff;
}

export interface GenerateOptions {
  /** The overlays to write, all of them when empty; base/ and overlays/argocd always follow every network. */
  only?: readonly string[];
  /** False leaves the disk as it is. */
  write?: boolean;
  /**
   * New content of files that networks read, such as validators.json or the seal lock: rendered from, and written
   * together with the rest.
   */
  inputs?: Tree;
  /** Files that are no longer read, removed together with the rest. */
  removed?: readonly string[];
}

/**
 * Renders the declared networks and makes base/ and overlays/ equal to them; of sealed keystores only those files are
 * touched that are given.
 *
 * @throws {OperatorError} when a network can't be rendered, {UsageError} when there is none of a name; then nothing is written.
 */
export async function generate(root: string, options: GenerateOptions = {}): Promise<Generated> {
  const { only = [], write = true, inputs = new Map(), removed = [] } = options;
  const sources = await loadSources(root, inputs);
  const networks = sources.map(({ network }) => network);
  const names = networks.map(({ name }) => name);
  refuseUnknownNetworks(only, names);
  const rendered = render(sources);
  const page = join(root, "README.md");
  if (existsSync(page)) rendered.set("README.md", withPictures(readFileSync(page, "utf8"), networks));
  const isWanted = (path: string) => isGenerated(path) && (only.length === 0 || belongsTo(path, only, names));
  const tree: Tree = new Map([...[...rendered].filter(([path]) => isWanted(path)), ...inputs]);
  const given = new Set([...inputs.keys(), ...removed]);
  const isOwned = (path: string) => isWanted(path) || given.has(path);
  const diff = diffTree(tree, readTree(root, ["base", "overlays", "README.md", ...given], isOwned));
  if (write) {
    removeStages(root);
    if (Object.values(diff).flat().length > 0) writeTree(root, tree, diff);
  }
  return { networks, files: tree.size, diff };
}

/** Everything below base/ and overlays/ is generated, but the keystores that `pnpm seal` writes. */
const isGenerated = (path: string) => !/^overlays\/[^/]+\/keystores\//.test(path);

/** Whether a file is part of some networks, and not of another one's overlay alone. */
function belongsTo(path: string, wanted: readonly string[], all: readonly string[]): boolean {
  const [top, overlay] = path.split("/");
  return top !== "overlays" || overlay === undefined || wanted.includes(overlay) || !all.includes(overlay);
}
