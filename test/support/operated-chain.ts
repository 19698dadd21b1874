import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "tools/cluster/wait.ts";
import { makeLoopbackChain } from "./loopback-chain.ts";
import { type LocalValidator, preflightOf, readinessOf } from "./mezod-validator.ts";
import { logsVotes, takeVotes, voteRecord } from "./votes.ts";

// After so long without a block the chain counts as halted here, where blocks take less than a second.
const stillSeconds = 10;

/** Whether a push did what it should, or a gate held it. */
export type Pushed = "rolled" | "held";

/**
 * A chain of the rendered pods' nodes, with a stand-in for what Kubernetes and Argo CD do with them: a pod that ended is
 * started again when preflight lets it, and a push takes one validator after the other, each behind its gate and each
 * until it is ready. The gates, preflight, readiness and the nodes are the real ones.
 */
export async function operatedChain(count: number) {
  const chain = await makeLoopbackChain(count);
  for (const { environment } of chain.validators) {
    // Two blocks a second: most steps wait for a number of them.
    Object.assign(environment, logsVotes, { MEZOD_CONSENSUS_TIMEOUT_COMMIT: "200ms" });
  }
  const all = chain.validators.map((_, index) => index);
  const records = chain.validators.map(({ name }) => voteRecord(name));
  const running = new Set<number>();
  const paused = new Set<number>();
  let checked = 1;

  const at = (index: number) => chain.validators[index] as LocalValidator;
  const stateFile = (index: number) => join(at(index).home, "data/priv_validator_state.json");
  const signedHeight = (index: number) => Number(JSON.parse(readFileSync(stateFile(index), "utf8")).height);
  const preflight = (index: number, bootstrap = "no") =>
    preflightOf(at(index), chain.mezod, { BOOTSTRAP: bootstrap, STILL_SECONDS: String(stillSeconds) });

  const heightOf = async (index: number) => Number((await chain.status(index)).sync_info.latest_block_height);
  async function top(): Promise<number> {
    const heights = await Promise.all([...running].map((index) => heightOf(index).catch(() => 0)));
    return Math.max(0, ...heights);
  }
  async function grows(by: number, seconds: number): Promise<void> {
    const target = (await top()) + by;
    await eventually(async () => (await top()) >= target, seconds, `height ${target}`);
  }

  /** A validator that runs, and can be asked for blocks. */
  const someRunning = () => all.find((index) => running.has(index)) ?? 0;

  /** Whether the chain's blocks show that a validator signed a height above another one. */
  async function showsAbove(index: number, height: number): Promise<boolean> {
    const { address } = JSON.parse(readFileSync(join(at(index).home, "config/priv_validator_key.json"), "utf8"));
    const reader = someRunning();
    const until = await heightOf(reader);
    // Who signed a height, the block after it says.
    for (let next = height + 2; next <= until; next++) {
      const { block } = await chain.rpc(reader, `/block?height=${next}`);
      const isSigner = (each: { validator_address: string }) => each.validator_address === address;
      if (block.last_commit.signatures.some(isSigner)) return true;
    }
    return false;
  }

  /** Waits until the chain is past every signing state, so that nobody holds back a signature any more. */
  async function allSign(): Promise<void> {
    const highest = Math.max(...all.map(signedHeight));
    await eventually(async () => (await top()) > highest, 120, `every validator signs, above height ${highest}`);
  }

  /** Asks as `eventually` does, but with a pause after each attempt, as between a kubelet's: an attempt is dear. */
  const again = (ask: () => boolean, seconds: number, what: string) =>
    eventually(() => ask() || sleep(1500, false), seconds, what);

  async function end(index: number): Promise<void> {
    if (running.delete(index)) await chain.stop(index);
  }
  /** Starts a pod once; what preflight refuses it for, or nothing. */
  function begin(index: number, bootstrap?: string): string {
    const { code, stderr } = preflight(index, bootstrap);
    if (code !== 0) return stderr;
    chain.start(index);
    running.add(index);
    return "";
  }
  const shouldRun = () => all.filter((index) => !paused.has(index));
  /** Starts every pod that should run, again and again as the kubelet does, and waits until they are ready. */
  async function converge(): Promise<void> {
    await every("starts", (index) => (running.has(index) ? "" : begin(index)));
    await every("is ready", (index) => {
      const { code, stderr } = readinessOf(at(index), chain.mezod);
      return code === 0 ? "" : stderr || "does not answer, or catches up";
    });
  }
  /** Waits until nothing hinders any validator that should run. Throws with what hindered each of them last. */
  async function every(what: string, hindrance: (index: number) => string): Promise<void> {
    let hindrances: string[] = [];
    const isDone = () => {
      hindrances = shouldRun().flatMap((index) => {
        const said = hindrance(index);
        return said ? [`${index}: ${said}`] : [];
      });
      return hindrances.length === 0;
    };
    await again(isDone, 90, `every validator ${what}`).catch(({ message }: Error) => {
      throw new Error([message, ...hindrances].join("\n"));
    });
  }

  /** Rolls one validator as a wave does: its gate, its end, its start. Meanwhile the chain goes on, unless it stood still. */
  async function roll(index: number, before: number[], isInterrupted = false): Promise<Pushed> {
    const described = shouldRun();
    const { code, said } = chain.gate([index], { before, described, stillSeconds, patienceSeconds: 15 });
    if (code !== 0) return "held";
    await end(index);
    if (said.includes(" go on while this batch restarts") && !isInterrupted) await grows(2, 60);
    return "rolled";
  }

  const replaceVolume = (index: number, from?: string) => {
    for (const folder of ["data", "signed-height"]) {
      const own = join(at(index).home, folder);
      rmSync(own, { recursive: true });
      if (from) cpSync(join(from, folder), own, { recursive: true });
      else mkdirSync(own);
    }
  };

  return {
    all,
    paused: paused as ReadonlySet<number>,
    converge,
    grows,
    remove: chain.remove,

    /** Pushes a change of some validators. */
    async push(changed: readonly number[]): Promise<Pushed> {
      let before: number[] = [];
      for (const index of changed.filter((each) => !paused.has(each))) {
        if ((await roll(index, before)) === "held") return "held";
        await converge();
        before = [index];
      }
      return "rolled";
    },

    /** Pushes a change of one validator; while it restarts, another one is killed. */
    async pushWithKill(index: number, victim: number): Promise<Pushed> {
      const pushed = await roll(index, [], true);
      if (running.delete(victim)) chain.kill(victim);
      await converge();
      return pushed;
    },

    async kill(index: number): Promise<void> {
      if (running.delete(index)) chain.kill(index);
      await sleep(200);
      await converge();
    },

    /** Pushes a pause of a validator, or its end. */
    async pause(index: number): Promise<Pushed> {
      if (paused.delete(index)) {
        await converge();
        return "rolled";
      }
      if ((await roll(index, [])) === "held") return "held";
      paused.add(index);
      return "rolled";
    },

    /**
     * Restores a volume's snapshot that is some heights old. Its state must be refused; an operator then puts back the
     * state that was saved, or one above the chain's height, as the runbook says: also that nobody else may hold back a
     * signature because of such a state. Where no block has what was signed since, because those votes came too late, it
     * may start: the chain is past those heights.
     */
    async restore(index: number, age: number): Promise<string> {
      const snapshot = `${at(index).home}-snapshot`;
      await allSign();
      await end(index);
      rmSync(snapshot, { recursive: true, force: true });
      for (const folder of ["data", "signed-height"]) {
        cpSync(join(at(index).home, folder), join(snapshot, folder), { recursive: true });
      }
      await converge();
      await grows(age, 120);
      await end(index);
      const saved = readFileSync(stateFile(index), "utf8");
      const height = signedHeight(index);
      replaceVolume(index, snapshot);
      // The chain shows what it signed once two more blocks are there.
      await grows(3, 60);
      const isOlder = signedHeight(index) < height;
      const isShown = isOlder && (await showsAbove(index, signedHeight(index)));
      const refusal = isOlder ? begin(index) : "not older";
      if (refusal === "" && !isShown) {
        await converge();
        return "not shown";
      }
      writeFileSync(
        stateFile(index),
        age % 2 ? saved : JSON.stringify({ height: `${(await top()) + 20}`, round: 0, step: 0 }),
      );
      await converge();
      return refusal;
    },

    /** Empties a volume. The pod must not start, until its network says that it may and its signatures are long past. */
    async wipe(index: number): Promise<string> {
      await allSign();
      await end(index);
      replaceVolume(index);
      const refusal = begin(index);
      await again(() => begin(index, "yes") === "", 180, "the start with an empty volume");
      await converge();
      return refusal;
    },

    /** Starts the chain from its genesis. */
    async start(): Promise<void> {
      for (const index of all) begin(index, "genesis");
      await converge();
      await grows(2, 120);
    },

    async resumeAll(): Promise<void> {
      paused.clear();
      await converge();
      await grows(2, 60);
    },

    /** What a validator signed twice since the last time, by the nodes' logs and by the evidence in blocks. */
    async doubleSigns(): Promise<string[]> {
      const votes = all.flatMap((index) => {
        const log = join(at(index).home, "log");
        return existsSync(log) ? (records[index]?.add(takeVotes(log)) ?? []) : [];
      });
      const found: string[] = [];
      const reader = someRunning();
      const until = await heightOf(reader);
      for (; checked <= until; checked++) {
        const { block } = await chain.rpc(reader, `/block?height=${checked}`);
        if (block.evidence.evidence.length > 0) found.push(`evidence in block ${checked}`);
      }
      return [...votes, ...found];
    },

    /** How many signatures of all validators were recorded. */
    signatures: () => records.reduce((sum, record) => sum + record.size(), 0),
  };
}

export type OperatedChain = Awaited<ReturnType<typeof operatedChain>>;
