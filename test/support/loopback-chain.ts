import { type ChildProcess, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { gate } from "generators/components/scripts/gate.ts";
import { signerAddress } from "generators/mezod/address.ts";
import { lastLines } from "tools/cluster/process/last-lines.ts";
import { layOutChain } from "./laid-out-chain.ts";
import { type LocalValidator, start, stop } from "./mezod-validator.ts";
import { local } from "./networks.ts";
import { getOnOwnConnection } from "./own-connection.ts";
import { shell } from "./shell.ts";

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
  const { mezod, artifacts, validators, consensusKeys } = await layOutChain(folder, count, declared);
  for (const { environment, home } of validators) {
    // Blocks every second instead of every four, also where a proposer is away.
    environment.MEZOD_CONSENSUS_TIMEOUT_COMMIT = "500ms";
    environment.MEZOD_CONSENSUS_TIMEOUT_PROPOSE = "1s";
    // What preflight makes on an empty volume.
    writeFileSync(join(home, "data/priv_validator_state.json"), '{"height":"0","round":0,"step":0}');
  }
  const nodes = new Map<number, ChildProcess>();
  const at = (index: number) => validators[index] as LocalValidator;
  const rpc = async (index: number, path: string) =>
    JSON.parse((await getOnOwnConnection(`http://${at(index).address}:26657${path}`)).body).result;
  const status = (index: number) => rpc(index, "/status");
  const word = (index: number) => `${at(index).address}=${signerAddress(consensusKeys[index] as string)}`;

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
      const [program, ...first] = shell;
      const {
        status: code,
        stdout,
        stderr,
      } = spawnSync(program, [...first, "-c", gate(local)], {
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
