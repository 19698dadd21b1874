import { OperatorError } from "generators/operator-error.ts";
import { parse } from "smol-toml";
import { gitObjects, isShallow } from "../lib/git.ts";
import type { Before } from "../rules/rule.ts";

/** Overlays at earlier commits, newest first, and what hinders looking at them. */
export interface History {
  before: Map<string, Before[]>;
  warning?: string;
}

const files = ["config/genesis.json", "config/client.toml", "keystores/kustomization.yaml"];

/**
 * Overlays at the last commit, for what is not committed yet, and at the one before it or a named one.
 *
 * @throws {OperatorError} when the named one is not here.
 */
export async function history(root: string, overlays: readonly string[], since?: string): Promise<History> {
  const commits = ["HEAD", since ?? "HEAD^"];
  const paths = commits.flatMap((commit) =>
    overlays.flatMap((overlay) => files.map((file) => `${commit}:./overlays/${overlay}/${file}`)),
  );
  const [head, earlier, ...found] = await gitObjects(root, [...commits, ...paths]);
  if (since !== undefined && earlier === undefined) {
    throw new OperatorError(`--since ${since}: no such commit here; name one of this clone, or fetch it`);
  }
  const before = new Map(overlays.map((overlay): [string, Before[]] => [overlay, []]));
  for (const { id } of [head, earlier].filter((commit) => commit !== undefined)) {
    for (const earlierOverlays of before.values()) {
      const [genesis, client, keystores] = found.splice(0, files.length);
      if (!genesis || !client) continue;
      const chainId = String(parse(client.content)["chain-id"]);
      earlierOverlays.push({
        commit: id.slice(0, 7),
        genesis: genesis.content,
        chainId,
        isSealed: keystores !== undefined,
      });
    }
  }
  if (head === undefined) return { before, warning: "there is no commit to compare genesis with: not a git clone" };
  if (earlier !== undefined || !(await isShallow(root))) return { before };
  return { before, warning: "genesis is not compared with the previous commit, which this shallow clone lacks" };
}
