import { parse } from "smol-toml";
import { gitObjects, isShallow, unknownCommit } from "../lib/git.ts";
import type { Before } from "../rules/rule.ts";

/** Overlays at earlier commits, newest first, and what hinders a comparison with them. */
export interface History {
  before: Map<string, Before[]>;
  warning?: string;
}

/**
 * Overlays at the last commit, for what is not committed yet, and at the one before it or a named one.
 *
 * @throws {OperatorError} when the clone does not have the named one.
 */
export async function history(root: string, overlays: readonly string[], since?: string): Promise<History> {
  const [head, earlier] = ["HEAD", since ?? "HEAD^"];
  const commits = [head, earlier];
  const paths = overlays.flatMap((overlay) => Object.values(pathsOf(overlay)));
  const names = commits.flatMap((commit) => [commit, ...paths.map((path) => `${commit}:./${path}`)]);
  const found = await gitObjects(root, names);
  const objects = new Map(names.map((name, i) => [name, found[i]]));
  if (since !== undefined && !objects.get(since)) {
    throw unknownCommit(since);
  }
  const beforeOf = (overlay: string) => commits.flatMap((commit) => overlayAt(objects, commit, overlay) ?? []);
  const before = new Map(overlays.map((overlay) => [overlay, beforeOf(overlay)]));
  if (!objects.get(head)) {
    return { before, warning: "genesis is not compared with a previous commit: this is not a git clone" };
  }
  if (objects.get(earlier) || !(await isShallow(root))) return { before };
  return { before, warning: "genesis is not compared with the previous commit: this shallow clone does not have it" };
}

const pathsOf = (overlay: string) => ({
  genesis: `overlays/${overlay}/config/genesis.json`,
  client: `overlays/${overlay}/config/client.toml`,
  keystores: `overlays/${overlay}/keystores/kustomization.yaml`,
});

/** An overlay at a commit; undefined where it is no network's, or did not exist yet. */
function overlayAt(
  objects: ReadonlyMap<string, { id: string; content: string } | undefined>,
  commit: string,
  overlay: string,
): Before | undefined {
  const at = (path: string) => objects.get(`${commit}:./${path}`);
  const { genesis, client, keystores } = pathsOf(overlay);
  const [genesisObject, clientObject, id] = [at(genesis), at(client), objects.get(commit)?.id];
  if (!genesisObject || !clientObject || id === undefined) return undefined;
  return {
    commit: id.slice(0, 7),
    genesis: genesisObject.content,
    chainId: String(parse(clientObject.content)["chain-id"]),
    isSealed: at(keystores) !== undefined,
  };
}
