import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { placement } from "generators/components/placement.ts";
import { defineNetwork } from "generators/network/define.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import { diffOf, type OverlayDiff } from "scripts/diff/compare.ts";
import { sentence } from "scripts/diff/report/wording.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import { build } from "scripts/objects/overlays.ts";
import { staging } from "./networks.ts";

/** A change of a network's description. */
export type Edit = Partial<NetworkInput>;

const built = new Map<string, Promise<Manifest[]>>();

/** The objects of a network as a cluster would get them, each network built once. */
export function objectsOf(network: Network): Promise<Manifest[]> {
  const key = JSON.stringify(network);
  const manifests = built.get(key) ?? buildOnce(network);
  built.set(key, manifests);
  return manifests;
}

async function buildOnce(network: Network): Promise<Manifest[]> {
  const root = mkdtempSync(join(tmpdir(), "diff-"));
  try {
    for (const [path, text] of render([{ network, ...(network.genesis.kind === "file" && { genesisText: "{}" }) }])) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return (await build(root, network.name)).manifests;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** A network with changes of its description. */
export const edited = (...edits: Edit[]): Network =>
  defineNetwork(Object.assign({ ...staging }, ...edits) as NetworkInput);

/** What a push does that makes one network of another, whose keys were sealed before. */
export async function pushed(was: Network, is: Network): Promise<OverlayDiff> {
  const earlier = { ...placement(was), isSealed: true };
  const before = {
    commit: "abc1234",
    manifests: await objectsOf(was),
    placement: earlier,
    placements: [earlier],
    keystores: new Map(),
  };
  return diffOf(is.name, await objectsOf(is), is, before, new Map());
}

/** Its consequences, a line each: "<risk>: <sentence>". */
export const said = ({ consequences }: OverlayDiff): string[] =>
  consequences.map((each) => `${each.risk}: ${sentence(each)}`);
