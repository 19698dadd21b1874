import { parse } from "smol-toml";
import { Failure } from "../cli.ts";
import { filesAt, isShallow, resolveCommit } from "../git.ts";
import type { Before } from "../rules/rule.ts";

/** Earlier commits to compare with, newest first, and what hinders it. */
export interface History {
  commits: string[];
  warning?: string;
}

/**
 * The last commit, for what is not committed yet, and the one before it or a named one.
 *
 * @throws {Failure} when the named one is not here.
 */
export async function history(root: string, since?: string): Promise<History> {
  const [head, earlier] = await Promise.all([resolveCommit(root, "HEAD"), resolveCommit(root, since ?? "HEAD^")]);
  if (since !== undefined && earlier === undefined) {
    throw new Failure(`--since ${since}: no such commit here; name one of this clone, or fetch it`);
  }
  const commits = [head, earlier].filter((commit) => commit !== undefined);
  if (head === undefined) return { commits, warning: "there is no commit to compare genesis with: not a git clone" };
  if (earlier !== undefined || !(await isShallow(root))) return { commits };
  return { commits, warning: "genesis is not compared with the previous commit, which this shallow clone lacks" };
}

/** An overlay at each of the commits that have it. */
export async function overlayBefore(root: string, overlay: string, commits: readonly string[]): Promise<Before[]> {
  const at = `overlays/${overlay}`;
  const [genesis, client, keystores] = [
    "config/genesis.json",
    "config/client.toml",
    "keystores/kustomization.yaml",
  ].map((file) => `${at}/${file}`) as [string, string, string];
  const each = commits.map(async (commit): Promise<Before[]> => {
    const files = await filesAt(root, commit, [genesis, client, keystores]);
    const [text, toml] = [files.get(genesis), files.get(client)];
    if (text === undefined || toml === undefined) return [];
    return [{ commit, genesis: text, chainId: String(parse(toml)["chain-id"]), isSealed: files.has(keystores) }];
  });
  return (await Promise.all(each)).flat();
}
