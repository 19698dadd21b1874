import { randomInt } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "scripts/objects/overlays.ts";
import { mezodPath } from "tools/mezod/program.ts";
import { makeTestnet } from "tools/mezod/testnet.ts";
import { makeCheckout, run } from "./checkout.ts";
import { type LocalValidator, layOut } from "./mezod-validator.ts";
import { local } from "./networks.ts";

/** A chain whose nodes can be started on this machine. */
export interface LaidOutChain {
  mezod: string;
  /** The folder of the artifacts that it was imported from. */
  artifacts: string;
  validators: LocalValidator[];
  /** The consensus key of each. */
  consensusKeys: string[];
  /** An address of its part of 127.0.0.0/8: those from 1 on are the validators'. */
  address: (last: number) => string;
}

/**
 * Makes a chain of some validators in a folder, imports it as the network `local`, and lays out the pods that this renders,
 * each in a folder and on a loopback address of its own.
 *
 * @param declared what the network's declaration has more, as lines of its file.
 */
export async function layOutChain(folder: string, count: number, declared = ""): Promise<LaidOutChain> {
  // A random part, so that runs do not collide.
  const part = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const address = (last: number) => `${part}.${last}`;
  const host = (index: number) => `mezo-node-${index}.example.org`;
  const artifacts = join(folder, "artifacts");
  mkdirSync(artifacts);
  await makeTestnet(artifacts, { validators: count, chainId: local.chain.id, host });
  const root = makeCheckout(join(folder, "checkout"));
  const declaration = join(root, "generators/networks/local.ts");
  const text = readFileSync(declaration, "utf8").replace(
    "genesis: staging.genesis,",
    `genesis: { kind: "file" },\n${declared}`,
  );
  writeFileSync(declaration, text);
  const imported = run(root, "import", "local", "--from", artifacts, "--yes");
  if (imported.code !== 0) throw new Error(imported.stderr);
  const facts = JSON.parse(readFileSync(join(root, "generators/networks/local/validators.json"), "utf8"));
  const { manifests } = await build(root, "local");
  // Peers go by their Services' names, which only a cluster resolves. Here they go by address.
  const seeds = readFileSync(join(artifacts, "seeds.txt"), "utf8").trim().split("\n");
  const peers = seeds.map((seed, i) => seed.replace(host(i), address(i + 1))).join(",");
  const validators = Array.from({ length: count }, (_, i) => {
    const validator = layOut(manifests, i, artifacts, join(folder, `home-${i}`), address(i + 1));
    validator.environment.MEZOD_P2P_PERSISTENT_PEERS = peers;
    return validator;
  });
  const consensusKeys = facts.map(({ consensusPubKey }: { consensusPubKey: string }) => consensusPubKey);
  return { mezod: await mezodPath(), artifacts, validators, consensusKeys, address };
}
