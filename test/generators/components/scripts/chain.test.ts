import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { eventually } from "tools/cluster/wait.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithMezod } from "../../../support/describe-with-mezod.ts";
import { type LoopbackChain, makeLoopbackChain } from "../../../support/loopback-chain.ts";
import { type LocalValidator, preflightOf, readinessOf } from "../../../support/mezod-validator.ts";

describeWithMezod("what preflight and readiness learn from the chain", () => {
  let chain: LoopbackChain;
  beforeAll(async () => {
    chain = await makeLoopbackChain(4);
  }, 300_000);
  afterAll(() => chain?.remove());

  const at = (index: number) => {
    const validator = chain.validators[index];
    if (!validator) throw new Error(`no validator ${index}`);
    return validator;
  };
  const preflight = (index: number, bootstrap = "no") => preflightOf(at(index), chain.mezod, { BOOTSTRAP: bootstrap });
  const ready = (index: number) => readinessOf(at(index), chain.mezod);
  /** With blocks every second, a busy machine can leave a node some heights behind for a while. */
  const becomesReady = (index: number) =>
    eventually(() => ready(index).code === 0, 60, `the readiness of validator ${index}`);
  const stateFile = (index: number) => join(at(index).home, "data/priv_validator_state.json");
  const signedHeight = (index: number) => Number(JSON.parse(readFileSync(stateFile(index), "utf8")).height);
  const heightOf = async (index: number) => Number((await chain.status(index)).sync_info.latest_block_height);
  const empty = (index: number) => {
    for (const folder of ["data", "signed-height"]) {
      rmSync(join(at(index).home, folder), { recursive: true });
      mkdirSync(join(at(index).home, folder));
    }
  };
  /** The same pod somewhere else: the same keys, and a volume of its own. */
  const secondPod = (index: number): LocalValidator => {
    const validator = at(index);
    const home = mkdtempSync(`${validator.home}-second-`);
    for (const folder of ["config", "keyring-file"])
      cpSync(join(validator.home, folder), join(home, folder), { recursive: true });
    for (const folder of ["data", "signed-height", "scripts"]) mkdirSync(join(home, folder));
    for (const script of readdirSync(join(validator.home, "scripts"))) {
      const text = readFileSync(join(validator.home, "scripts", script), "utf8");
      writeFileSync(join(home, "scripts", script), text.replaceAll(validator.home, home));
    }
    return { ...validator, home };
  };

  test("at genesis a node alone is ready at height 0", async () => {
    chain.start(0);
    await chain.reach(0, 0);
    await becomesReady(0);
  });

  test("with the others it makes blocks; ready ones note what they sign, outside of data/", async () => {
    for (const index of [1, 2, 3]) chain.start(index);
    await chain.reach(3, 4);
    for (const index of [0, 1, 2, 3]) await becomesReady(index);
    const marks = ["even", "odd"].map((file) => join(at(3).home, "signed-height", file)).filter(existsSync);
    expect(Math.max(...marks.map((file) => Number(readFileSync(file, "utf8"))))).toBeGreaterThan(2);
  });

  test("a ready node that goes on signing is asked again only after half a minute", async () => {
    const found = join(at(0).home, "found-ready");
    const withoutMezod = async () => {
      await chain.reach(0, signedHeight(0) + 2);
      return readinessOf(at(0), "/nonexistent/mezod").code;
    };
    await becomesReady(0);
    expect(await withoutMezod()).toBe(0);
    const [height, asked, started] = readFileSync(found, "utf8").trim().split(" ");
    writeFileSync(found, `${height} ${Number(asked) - 31} ${started}\n`);
    expect(await withoutMezod()).toBe(1);
    // One that was not found ready is asked, whatever it signs.
    expect(await withoutMezod()).toBe(1);
    await becomesReady(0);
    // One that signs no new height is asked, too.
    const [, now] = readFileSync(found, "utf8").trim().split(" ");
    writeFileSync(found, `${signedHeight(0) + 100} ${now} ${started}\n`);
    expect(readinessOf(at(0), "/nonexistent/mezod").code).toBe(1);
    await becomesReady(0);
    // So is another process.
    writeFileSync(found, `1 ${now} 1\n`);
    expect(readinessOf(at(0), "/nonexistent/mezod").code).toBe(1);
    await becomesReady(0);
  });

  test("a validator whose own state is the newest starts again", async () => {
    expect(await chain.stop(3)).toBe(0);
    expect(preflight(3)).toEqual({ code: 0, stderr: "" });
    // So it does after it was away for a while: nobody has signed with its key meanwhile.
    await chain.reach(0, signedHeight(3) + 4);
    expect(preflight(3)).toEqual({ code: 0, stderr: "" });
  });

  test("a state that is older than what the key has signed is refused, whatever the volume says", async () => {
    const state = readFileSync(stateFile(3), "utf8");
    const old = signedHeight(3) - 2;
    writeFileSync(stateFile(3), JSON.stringify({ height: String(old), round: 0, step: 3 }));
    const marked = preflight(3);
    expect(marked.code).toBe(1);
    expect(marked.stderr).toContain("and its key has signed height");
    // Restored from a snapshot, the mark is as old as the state: the chain knows better.
    rmSync(join(at(3).home, "signed-height/even"), { force: true });
    rmSync(join(at(3).home, "signed-height/odd"), { force: true });
    const restored = preflight(3);
    expect(restored.code).toBe(1);
    expect(restored.stderr).toContain(
      `its key has signed height ${old + 1}, and its signing state is at height ${old}`,
    );
    writeFileSync(stateFile(3), state);
  });

  test.each(["genesis", "yes"])(
    "a key that signs elsewhere is refused on an empty volume, with bootstrap %s",
    (bootstrap) => {
      const second = secondPod(2);
      const { code, stderr } = preflightOf(second, chain.mezod, { BOOTSTRAP: bootstrap });
      expect(code).toBe(1);
      expect(stderr).toContain("its key has signed height");
      expect(existsSync(join(second.home, "data/priv_validator_state.json"))).toBe(false);
    },
  );

  test("a wiped validator may start where the network says so, above the chain's height; not otherwise", async () => {
    await chain.reach(0, signedHeight(3) + 8);
    empty(3);
    expect(preflight(3).stderr).toContain("its volume is empty, and its key may have signed");
    expect(preflight(3, "genesis").stderr).toContain("its key has signed height");
    // What it signed lately could be what it signs now: only when that is long past it may start.
    expect(preflight(3, "yes").stderr).toContain("its key has signed height");
    await chain.reach(0, (await heightOf(0)) + 55);
    const before = await heightOf(0);
    expect(preflight(3, "yes")).toEqual({ code: 0, stderr: "" });
    expect(signedHeight(3)).toBeGreaterThan(before);
    chain.start(3);
    await chain.reach(3, before + 5);
  }, 600_000);

  test("a node whose consensus has stopped is not ready while the others go on", async () => {
    expect(await chain.stop(3)).toBe(0);
    const height = (await heightOf(0)) + 3;
    // Its process lives on at that height, and answers.
    chain.start(3, { MEZOD_HALT_HEIGHT: String(height) });
    await chain.reach(3, height - 1);
    await chain.reach(0, height + 5);
    ready(3);
    const { code, stderr } = ready(3);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^at height \d+, and 127\.\d+\.\d+\.\d is at height \d+$/m);
    await becomesReady(0);
  }, 300_000);

  test("during a halt the nodes that have the newest height stay ready", async () => {
    chain.kill(1);
    await sleep(15_000);
    ready(0);
    await becomesReady(0);
    await becomesReady(2);
  });
});
