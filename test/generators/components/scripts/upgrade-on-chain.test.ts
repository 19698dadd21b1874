import { execFile } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { nextProgram } from "generators/components/scripts/upgrade-plan.ts";
import { nextMezodPath } from "tools/mezod/program.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithStandIn } from "../../../support/describe-with-mezod.ts";
import { type LoopbackChain, makeLoopbackChain } from "../../../support/loopback-chain.ts";
import { type LocalValidator, livenessOf, preflightOf } from "../../../support/mezod-validator.ts";
import { local } from "../../../support/networks.ts";
import { paid, planUpgrade, type Voter } from "../../../support/plan-upgrade.ts";
import { connectField } from "../../../support/releases.ts";

const height = 75;
const plan = "v1.0.0";
// Does not run while the chain reaches the height.
const away = 3;

describeWithStandIn("at the height of a plan that the chain has made by vote", () => {
  let chain: LoopbackChain;
  const all = () => chain.validators.map((_, index) => index);
  const at = (index: number) => chain.validators[index] as LocalValidator;
  const heightOf = async (index: number) => Number((await chain.status(index)).sync_info.latest_block_height);
  const programOf = (index: number) => readFileSync(join(at(index).home, "program"), "utf8").trim();
  const info = (index: number) => join(at(index).home, "data/upgrade-info.json");
  const next = (index: number) => `${at(index).home}${nextProgram}`;

  beforeAll(async () => {
    chain = await makeLoopbackChain(
      4,
      `${connectField}  upgrade: { name: "${plan}", height: ${height}, tag: "v1.0.0-rc0" },`,
    );
    const program = await nextMezodPath([plan]);
    for (const index of all()) {
      mkdirSync(dirname(next(index)), { recursive: true });
      symlinkSync(program, next(index));
    }
  }, 900_000);
  afterAll(() => chain?.remove());

  /** What the kubelet does: it probes the nodes, and starts those again that have ended. */
  async function kubelet(indexes: readonly number[], isDone: () => Promise<boolean>, seconds: number): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!(await isDone().catch(() => false))) {
      if (Date.now() > end) throw new Error(`not done after ${seconds} s`);
      for (const index of indexes) {
        if (chain.ended(index)) chain.start(index);
        else livenessOf(at(index), chain.mezod);
      }
      await sleep(1000);
    }
  }

  function voterOf(index: number): Voter {
    const { name, home, address } = at(index);
    const password = readFileSync(join(chain.artifacts, name, "keyring_password.txt"), "utf8").trim();
    const key = ["--from", `${name}-key`, "--keyring-backend", "file", "--home", home, "--chain-id", local.chain.id];
    const node = ["--node", `tcp://${address}:26657`, "--output", "json"];
    const execute = async (...words: string[]) => {
      const running = promisify(execFile)(chain.mezod, words, { env: { PATH: "", HOME: home } });
      running.child.stdin?.end(`${password}\n`);
      return (await running).stdout;
    };
    return {
      send: (words) => execute("tx", ...words.split(" "), ...key, ...node, ...paid.split(" "), "--yes"),
      query: (words) => execute("query", ...words.split(" "), "--home", join(home, "query"), ...node),
    };
  }

  test("before it every pod runs the old release, and the next one only shows that it could run", async () => {
    for (const index of all()) {
      expect(preflightOf(at(index), chain.mezod, { BOOTSTRAP: "genesis" })).toEqual({ code: 0, stderr: "" });
      chain.start(index);
    }
    await chain.reach(0, 3);
    const [first, ...others] = all().map(voterOf);
    await planUpgrade([first as Voter, ...others], plan, height);
    expect(await heightOf(0)).toBeLessThan(height - 5);
    for (const index of all()) {
      expect(programOf(index)).toBe("mezod");
      expect(livenessOf(at(index), chain.mezod).code).toBe(0);
      expect(existsSync(info(index))).toBe(false);
    }
  }, 300_000);

  test("the old release stops, answers on, and is restarted as the new one; the chain goes on without one validator", async () => {
    expect(await chain.stop(away)).toBe(0);
    const running = all().filter((index) => index !== away);
    await chain.reach(0, height);
    await sleep(3000);
    expect(await heightOf(0)).toBe(height);
    for (const index of running) {
      expect(JSON.parse(readFileSync(info(index), "utf8"))).toMatchObject({ name: plan, height });
      expect(chain.ended(index)).toBe(false);
    }
    const start = Date.now();
    await kubelet(running, async () => (await heightOf(0)) > height + 2, 60);
    console.log(`blocks above the height ${((Date.now() - start) / 1000).toFixed(0)} s after the halt was seen`);
    for (const index of running) expect(programOf(index)).toBe(next(index));
  }, 300_000);

  test("a validator that was away follows, by the old release up to the height and then by the new one", async () => {
    chain.start(away);
    expect(existsSync(info(away))).toBe(false);
    await sleep(500);
    expect(programOf(away)).toBe("mezod");
    await kubelet(all(), async () => (await heightOf(away)) > height + 5, 120);
    expect(programOf(away)).toBe(next(away));
  }, 300_000);

  test("the new release is left alone from then on", async () => {
    for (const index of all()) expect(livenessOf(at(index), chain.mezod).code).toBe(0);
    const before = await heightOf(0);
    await chain.reach(0, before + 3);
    for (const index of all()) expect(chain.ended(index)).toBe(false);
  }, 120_000);
});
