import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { lineOf } from "generators/mezod/releases.ts";
import { defineNetwork } from "generators/network/define.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import type { Tree } from "generators/tree.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import { type Built, build } from "scripts/objects/overlays.ts";
import { rules } from "scripts/rules/index.ts";
import { staging } from "./networks.ts";

/** A Connect whose image nobody has. */
export const connectSidecar = {
  image: { digest: `sha256:${"c".repeat(64)}` },
  resources: { cpu: "100m", memory: "256Mi" },
};

const { ethereumSidecar } = staging;

/** What staging lacks for a release of v4 and later: a Connect, and room on its machines for a sidecar in each pod. */
export const readyForLater = {
  connectSidecar,
  ethereumSidecar: { ...ethereumSidecar, resources: { ...ethereumSidecar.resources, memory: "256Mi" } },
} satisfies Partial<NetworkInput>;

/** The field that declares it, as a network's file has it. */
export const connectField = `  connectSidecar: ${JSON.stringify(connectSidecar)},\n`;

/** Staging with another release, and with what that needs. */
export function withRelease(tag: string, more: Partial<NetworkInput> = {}): Network {
  const isOwn = lineOf(tag)?.sidecars.ethereum === "own";
  return defineNetwork({
    ...staging,
    image: { ...staging.image, tag },
    ...readyForLater,
    ...(!isOwn && { ethereumSidecar }),
    ...more,
  } as NetworkInput);
}

/** Staging while it waits for an upgrade, on a cluster that mounts images, with what both releases need. */
export function planned(tag: string, upgrade: NonNullable<NetworkInput["upgrade"]>, more: Partial<NetworkInput> = {}) {
  // One validator on each machine leaves room for both kinds of sidecars.
  const gke = { ...(staging.gke as NonNullable<Network["gke"]>), version: "1.35", nodes: 5 };
  return withRelease(tag, { ...readyForLater, gke, upgrade, ...more });
}

/** A network as a cluster would get it. */
export async function built(network: Network, tree: Tree = render([{ network }])): Promise<Built> {
  const root = mkdtempSync(join(tmpdir(), "release-"));
  try {
    for (const [path, content] of tree) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
    return await build(root, network.name);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** The errors that the rules find in a network's manifests, other than that nothing is sealed. */
export const errors = (manifests: readonly Manifest[], network: Network): string[] =>
  rules.flatMap(({ id, check }) =>
    [...check(manifests as Manifest[], network)]
      .filter(({ severity }) => severity === "error" && id !== "no-missing-sealed-secret")
      .map(({ object, field, message }) => `${id}: ${object} ${field}: ${message}`),
  );
