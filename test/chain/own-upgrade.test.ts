import { lineOf } from "generators/mezod/releases.ts";
import { heightOfStop } from "generators/mezod/upgrade-path.ts";
import { eventually } from "tools/cluster/wait.ts";
import { ownMezod } from "tools/mezod/own.ts";
import { expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { importConnect } from "../support/chain/connect.ts";
import { networkFile } from "../support/chain/operator.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork, type RunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { importProgram, planUpgrade, programOf, withConnect, withUpgrade } from "../support/chain/upgrade.ts";

// The roll of five validators takes its blocks, and so does the transaction.
const blocksAhead = 220;
const next = ownMezod("MEZOD_NEXT");
const release = next?.release;
const line = release === undefined ? undefined : lineOf(release);
const plan = line?.entered.by === "halt" ? line.entered.plan : undefined;

const tests = (network: () => RunningNetwork) => {
  test("halts the chain at its height, and all validators go on by themselves", { timeout: 1_200_000 }, async () => {
    if (!next || !release || !plan) return;
    const { location, chain, operator } = network();
    await importProgram(location, release, next.path);
    await importConnect(location);
    if (line?.sidecars.connect) operator.edit(networkFile, withConnect);
    const height = (await chain.top()) + blocksAhead;
    operator.edit(networkFile, withUpgrade(plan, height, release));
    await operator.app.synced(await operator.push(`${plan} at ${height}`), 400);
    await operator.app.healthy();
    await chain.inStep(120);
    const stop = heightOfStop({ height }, release);
    await planUpgrade(network(), plan, stop);
    for (const node of nodeNames) expect(await programOf(network(), node)).toBe("mezod");
    await eventually(async () => (await chain.top()) >= stop, 600, `height ${stop}`);
    const start = Date.now();
    await eventually(async () => (await chain.top()) > stop, 60, `blocks above height ${stop}`);
    const stoodStill = Math.round((Date.now() - start) / 1000);
    await eventually(async () => Number(await chain.call("eth_blockNumber")) >= stop, 60, "JSON-RPC above the height");
    await chain.inStep(120);
    for (const node of nodeNames) expect(await programOf(network(), node)).toBe("/next/usr/bin/mezod");
    expect((await findDoubleSigns(chain)).faults).toEqual([]);
    recordResult(location, `the upgrade to ${release}`, `blocks again after ${stoodStill} s`);
  });
};

function whySkipped(): string | undefined {
  if (!next) return "MEZOD_NEXT names no program";
  if (release === undefined) return `MEZOD_NEXT calls itself "${next.version}", which is no release`;
  return plan === undefined ? `no chain halts for ${release}` : undefined;
}

describeRunningNetwork("an upgrade to a program of one's own", tests, whySkipped());
