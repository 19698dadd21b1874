import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Network } from "generators/network.ts";
import { validatorWave } from "generators/rollout.ts";
import { readTree } from "generators/tree.ts";
import { Failure } from "scripts/cli.ts";
import { type Manifest, parseManifests } from "scripts/manifests.ts";
import { toolPath } from "tools/tool.ts";
import { makeCheckout } from "../test/checkout.ts";
import { manyValidators } from "../test/networks.ts";
import { installedPeers } from "./peers.ts";
import { type Ground, output, time } from "./run.ts";
import { template, toHelm, toModule, type Values } from "./template.ts";

/** A checkout with a network of some size, and beside it what the peers render the same objects from. */
export interface Place {
  size: number;
  folder: string;
  checkout: string;
}

/** Makes a place, with its checkout rendered. */
export async function makePlace(size: number, ground: Ground): Promise<Place> {
  const folder = join(ground.folder, String(size));
  mkdirSync(folder);
  const checkout = join(folder, "checkout");
  const network = manyValidators(size);
  makeCheckout(checkout);
  writeNetwork(checkout, network);
  await time({ program: process.execPath, args: ["scripts/gen.ts"], cwd: checkout }, ground);
  const tree = readTree(checkout, ["base", "overlays"], () => true);
  const files = [...tree].map(([path, content]) => [path, content.toString()]);
  writeFileSync(join(folder, "files.json"), JSON.stringify(Object.fromEntries(files)));
  await writePeers(folder, network, await fewObjects(checkout, network, ground));
  return { size, folder, checkout };
}

/** Makes a network the only one of a checkout. */
function writeNetwork(checkout: string, network: Network): void {
  const networks = join(checkout, "generators/networks");
  rmSync(networks, { recursive: true });
  mkdirSync(networks);
  writeFileSync(join(networks, `${network.name}.json`), JSON.stringify(network));
  writeFileSync(
    join(networks, `${network.name}.ts`),
    `import { defineNetwork } from "generators/network.ts";
import network from "./${network.name}.json" with { type: "json" };

export default defineNetwork(network);
`,
  );
}

/** The objects that a checkout's overlays build to. */
export async function builtObjects(checkout: string, ground: Ground): Promise<Manifest[]> {
  const program = await toolPath("kustomize");
  const build = (overlay: string) =>
    output({ program, args: ["build", join(checkout, "overlays", overlay)], cwd: checkout }, ground);
  return [...parseManifests(await build("staging")), ...parseManifests(await build("argocd"))];
}

/** The same without all validators but the first two: kustomize takes minutes for a thousand. */
async function fewObjects(checkout: string, { validators }: Network, ground: Ground): Promise<Manifest[]> {
  const path = join(checkout, "overlays/staging/kustomization.yaml");
  const whole = readFileSync(path, "utf8");
  const others = new Set(validators.slice(2).map(({ moniker }) => `- ${moniker}`));
  const lines = whole.split("\n").filter((line) => !others.has(line));
  writeFileSync(path, lines.join("\n"));
  try {
    return await builtObjects(checkout, ground);
  } finally {
    writeFileSync(path, whole);
  }
}

async function writePeers(folder: string, network: Network, few: readonly Manifest[]): Promise<void> {
  cpSync(join(import.meta.dirname, "peers"), folder, { recursive: true });
  symlinkSync(join(await installedPeers(), "node_modules"), join(folder, "node_modules"));
  const validators = network.validators.map(({ index, moniker: name, host, keyringFile }): Values => {
    const address = network.gke?.nodeAddress.replace("{index}", String(index)) ?? "";
    return { name, id: String(index), wave: String(validatorWave(network, index)), host, keyringFile, address };
  });
  const [first, second] = validators;
  if (!first || !second) throw new Failure("a template needs two validators to be seen from");
  const own = [first.name, second.name];
  const isShared = ({ kind, metadata }: Manifest) =>
    !(["Service", "StatefulSet"].includes(kind) && own.includes(metadata.name));
  const shared = few.filter(isShared);
  const manifests = template(few, first, second);
  const files = {
    // What is no validator's is handed to the peers ready-made: it is the same for all, and spares them work.
    "network.json": JSON.stringify({ shared, validators }),
    "validator.js": toModule(manifests),
    "helm/values.yaml": JSON.stringify({ validators }),
    "helm/templates/validators.yaml": toHelm(manifests),
    "helm/templates/shared.yaml": shared.map((object) => `---\n${JSON.stringify(object)}\n`).join(""),
  };
  mkdirSync(join(folder, "helm/templates"));
  for (const [path, content] of Object.entries(files)) writeFileSync(join(folder, path), content);
}
