import { type ChildProcess, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gate } from "generators/components/scripts/gate.ts";
import { signerAddress } from "generators/mezod/address.ts";
import { build } from "scripts/objects/overlays.ts";
import { lastLines } from "tools/cluster/process/last-lines.ts";
import { mezodPath } from "tools/mezod/program.ts";
import { makeTestnet } from "tools/mezod/testnet.ts";
import { makeCheckout, run } from "./checkout.ts";
import { type LocalValidator, layOut, start, stop } from "./mezod-validator.ts";
import { local } from "./networks.ts";
import { getOnOwnConnection } from "./own-connection.ts";

/** A chain of the rendered pods' nodes, each in a folder and on a loopback address of its own. */
export interface LoopbackChain {
  mezod: string;
  /** The folder with each validator's keys and passwords. */
  artifacts: string;
  validators: LocalValidator[];
  start: (index: number, more?: Record<string, string>) => void;
  /** Ends a node as Kubernetes does; its exit code. */
  stop: (index: number) => Promise<number | null>;
  kill: (index: number) => void;
  /** Whether a node that was started has ended by itself. */
  ended: (index: number) => boolean;
  /** What a validator's RPC answers for a path. Throws when it does not answer. */
  rpc: Ask;
  /** Its status. */
  status: (index: number) => ReturnType<Ask>;
  /** Waits until a node is at a height. It may make no progress for a minute at most. */
  reach: (index: number, height: number) => Promise<void>;
  /** A word of the gate's: "<host>=<signer>". */
  word: (index: number) => string;
  /** Runs the gate before a batch; its exit code and all that it said. */
  gate: (batch: number[], options?: GateOptions) => { code: number | null; said: string };
  /** Ends all nodes and removes the folder. */
  remove: () => void;
}

// biome-ignore lint/suspicious/noExplicitAny: answers of CometBFT's RPC.
type Ask = (index: number, path: string) => Promise<any>;

export interface GateOptions {
  before?: number[];
  /** The validators that the network describes: all of them unless said. */
  described?: number[];
  /** The validators that the network pauses, which it does not ask. */
  paused?: number[];
  /** Whether the network's chain may not have begun. */
  isNew?: boolean;
  /** More hosts to ask, as words. */
  more?: string[];
  stillSeconds?: number;
  patienceSeconds?: number;
}

/**
 * Lays out a chain of some validators; none of them runs yet.
 *
 * @param declared what the network's declaration has more, as lines of its file.
 */
export async function makeLoopbackChain(count: number, declared = ""): Promise<LoopbackChain> {
  const folder = mkdtempSync(join(tmpdir(), "chain-"));
  // A part of 127.0.0.0/8 of this chain's own.
  const network = `127.${randomInt(1, 255)}.${randomInt(1, 255)}`;
  const mezod = await mezodPath();
  const artifacts = join(folder, "artifacts");
  mkdirSync(artifacts);
  // An import refuses hosts that lead every node back to itself, as addresses of loopback do.
  const host = (i: number) => `mezo-node-${i}.example.org`;
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
  const peers = seeds.map((seed, i) => seed.replace(host(i), `${network}.${i + 1}`)).join(",");
  const validators = Array.from({ length: count }, (_, i) => {
    const validator = layOut(manifests, i, artifacts, join(folder, `home-${i}`), `${network}.${i + 1}`);
    validator.environment.MEZOD_P2P_PERSISTENT_PEERS = peers;
    // Blocks every second instead of every four, also where a proposer is away.
    validator.environment.MEZOD_CONSENSUS_TIMEOUT_COMMIT = "500ms";
    validator.environment.MEZOD_CONSENSUS_TIMEOUT_PROPOSE = "1s";
    // What preflight makes on an empty volume.
    writeFileSync(join(validator.home, "data/priv_validator_state.json"), '{"height":"0","round":0,"step":0}');
    return validator;
  });
  const nodes = new Map<number, ChildProcess>();
  const at = (index: number) => validators[index] as LocalValidator;
  const rpc = async (index: number, path: string) =>
    JSON.parse((await getOnOwnConnection(`http://${at(index).address}:26657${path}`)).body).result;
  const status = (index: number) => rpc(index, "/status");
  const word = (index: number) => `${at(index).address}=${signerAddress(facts[index].consensusPubKey)}`;

  return {
    mezod,
    artifacts,
    validators,
    rpc,
    status,
    word,
    start: (index, more) => void nodes.set(index, start(at(index), mezod, more)),
    stop: (index) => stop(nodes.get(index) as ChildProcess, 120),
    kill: (index) => void nodes.get(index)?.kill("SIGKILL"),
    ended(index) {
      const node = nodes.get(index);
      return node !== undefined && (node.exitCode !== null || node.signalCode !== null);
    },

    async reach(index, height) {
      let best = -1;
      let attempts = 0;
      while (attempts < 200) {
        const is = await status(index).then(
          ({ sync_info }) => Number(sync_info.latest_block_height),
          () => -1,
        );
        if (is >= height) return;
        attempts = is > best ? 0 : attempts + 1;
        best = Math.max(best, is);
        await sleep(300);
      }
      const { name, home } = at(index);
      throw new Error(`${name} does not reach height ${height}:\n${lastLines(join(home, "log"))}`);
    },

    gate(
      batch,
      { before = [], described, paused = [], isNew = false, more = [], stillSeconds = 20, patienceSeconds = 40 } = {},
    ) {
      const words = (indexes: number[]) => indexes.map(word).join(" ");
      const home = mkdtempSync(join(folder, "gate-"));
      const {
        status: code,
        stdout,
        stderr,
      } = spawnSync("/bin/sh", ["-c", gate(local)], {
        encoding: "utf8",
        env: {
          PATH: dirname(mezod),
          HOME: home,
          CHAIN_ID: local.chain.id,
          VALIDATORS: [words(described ?? validators.map((_, i) => i)), ...more].join(" "),
          BATCH: words(batch),
          BEFORE: words(before),
          PAUSED: words(paused),
          DONE: "new",
          NEW: isNew ? "yes" : "no",
          STILL_SECONDS: String(stillSeconds),
          PATIENCE_SECONDS: String(patienceSeconds),
        },
      });
      return { code, said: stdout + stderr };
    },

    remove() {
      for (const node of nodes.values()) node.kill("SIGKILL");
      rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
