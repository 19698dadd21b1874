import { toolsImage } from "tools/cluster/node/containerd.ts";
import { eventually } from "tools/cluster/wait.ts";
import { hasPoa } from "tools/mezod/program.ts";
import { expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { importConnect } from "../support/chain/connect.ts";
import { killProcess, withoutPod } from "../support/chain/faults.ts";
import { observe } from "../support/chain/observe.ts";
import { networkFile, type Rollout, withRollout } from "../support/chain/operator.ts";
import { podUids } from "../support/chain/pods.ts";
import { followRestore } from "../support/chain/restore-runbook.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork, type RunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { tagImage } from "../support/chain/tag-image.ts";
import {
  importBrokenRelease,
  importRelease,
  planUpgrade,
  programOf,
  withConnect,
  withUpgrade,
} from "../support/chain/upgrade.ts";
import { continually } from "../support/cluster/continually.ts";
import { local } from "../support/networks.ts";
import { notInSample } from "../support/sample.ts";

// Blocks, one a second, for the vote on a plan.
const blocksOfVote = 60;
const next = "/next/usr/bin/mezod";
const down = "mezo-node-4";
const restored = "mezo-node-1";
const killed = "mezo-node-2";
const minutes = 60_000;

// The other upgrades of a chain that has been through one.
const unsampled = notInSample(0);
const others = unsampled
  ? (name: string, ..._: unknown[]) => test.skip(`${name} (skipped: ${unsampled})`, () => {})
  : test;

const withTag = (from: string, to: string) => (text: string) => text.replace(`tag: "${from}"`, `tag: "${to}"`);

// Plans and releases as the table of releases pairs them. Each release carries out the plans before, too.
const tests = (network: () => RunningNetwork) => {
  let height: number;
  let stoodStill: number;

  /** Commits an upgrade, rolls it out, and makes the plan on the chain. */
  async function plan(name: string, tag: string, rollout: Rollout): Promise<void> {
    const { chain, operator } = network();
    // The roll takes its blocks, too.
    height = (await chain.top()) + blocksOfVote + (rollout === "one-at-a-time" ? 160 : 80);
    operator.edit(networkFile, (text) => withRollout(rollout)(withUpgrade(name, height, tag)(text)));
    await operator.app.synced(await operator.push(`${name} at ${height}`), 400);
    await operator.app.healthy();
    await chain.inStep(120);
    expect(await chain.top()).toBeLessThan(height - blocksOfVote);
    await planUpgrade(network(), name, height);
    for (const node of nodeNames) expect(await programOf(network(), node)).toBe("mezod");
  }

  /** Makes the release the image. It is rolled out with the next upgrade, to save time. */
  const finish = () => network().operator.script("finish-upgrade", local.name, "--yes");

  const stands = async () => eventually(async () => (await network().chain.top()) >= height, 600, `height ${height}`);

  /** Waits until the chain stands at the plan's height, and then for blocks above it and for JSON-RPC. */
  async function passes(): Promise<void> {
    const { chain } = network();
    await stands();
    const start = Date.now();
    await eventually(async () => (await chain.top()) > height, 60, `blocks above height ${height}`);
    stoodStill = Math.round((Date.now() - start) / 1000);
    const answers = async () => Number(await chain.call("eth_blockNumber")) >= height;
    await eventually(answers, 60, "JSON-RPC above the height");
  }

  const signsNothingTwice = async () => expect((await findDoubleSigns(network().chain)).faults).toEqual([]);

  test("halts the chain at its height, and all validators go on by themselves", { timeout: 20 * minutes }, async () => {
    const { location, kube, chain, operator } = network();
    await importConnect(location);
    operator.edit(networkFile, withConnect);
    await importRelease(location, "v1.0.0-rc0", ["v1.0.0"]);
    await plan("v1.0.0", "v1.0.0-rc0", "one-at-a-time");
    const before = await podUids(kube);
    const { requests, failures } = await observe(network(), passes);
    await chain.inStep(120);
    // The same pods, with another program.
    expect(await podUids(kube)).toEqual(before);
    for (const node of nodeNames) expect(await programOf(network(), node)).toBe(next);
    await signsNothingTwice();
    const said = `blocks again after ${stoodStill} s; ${failures.length} of ${requests} requests failed`;
    recordResult(location, "a planned upgrade", said);
  });

  others(
    "so they do while one is down and one is killed; one that is restored from before the height follows",
    {
      timeout: 20 * minutes,
    },
    async () => {
      const { location, chain } = network();
      // Stands in for the runbook's image, since no registry is asked.
      await tagImage(location, toolsImage, "busybox:1.37");
      await followRestore(network(), 15, ["Stop the validator", "Open the volume", "Back up", "Start it again"]);
      await chain.inStep(120);
      await importRelease(location, "v1.0.0-rc1", ["v1.0.0", "v1.0.0-rc1"]);
      await finish();
      await plan("v1.0.0-rc1", "v1.0.0-rc1", "all-at-once");
      await eventually(async () => (await chain.top()) > height - 10, 600, "the last blocks before the height");
      await withoutPod(network(), down, async () => {
        await stands();
        await killProcess(network(), killed);
        await passes();
      });
      await chain.inStep(180);
      const restore = ["Open the volume", "Restore from a backup", "Raise the signing state"];
      await followRestore(network(), 15, ["Stop the validator", ...restore, "Start it again"]);
      await chain.inStep(300);
      for (const node of [down, killed, restored]) expect(await programOf(network(), node)).toBe(next);
      await signsNothingTwice();
      const said = `blocks again after ${stoodStill} s`;
      recordResult(location, "a planned upgrade, one validator down and one killed", said);
    },
  );

  others(
    "a release that does not start leaves the chain halted and unharmed; one push mends it",
    {
      timeout: 20 * minutes,
    },
    async () => {
      const { location, chain, operator } = network();
      await importBrokenRelease(location, "v2.0.1");
      await importRelease(location, "v2.0.2", ["v1.0.0", "v1.0.0-rc1", "v2.0.0"]);
      await finish();
      await plan("v2.0.0", "v2.0.1", "all-at-once");
      await stands();
      const isRestarting = async (node: string) => (await programOf(network(), node).catch(() => next)) === next;
      for (const node of nodeNames) await eventually(() => isRestarting(node), 60, `${node} with the new release`);
      await continually(async () => {
        expect(await chain.top().catch(() => height)).toBe(height);
      }, 20);
      const start = Date.now();
      operator.edit(networkFile, withTag("v2.0.1", "v2.0.2"));
      await operator.app.synced(await operator.push("A release that starts"), 240);
      await eventually(async () => (await chain.top()) > height, 120, `blocks above height ${height}`);
      await chain.inStep(180);
      await signsNothingTwice();
      const seconds = Math.round((Date.now() - start) / 1000);
      recordResult(
        location,
        "a planned upgrade to a broken release",
        `blocks ${seconds} s after the push that mends it`,
      );
      await finish();
      await operator.app.synced(await operator.push("The upgrade is done"), 400);
      await operator.app.healthy();
      await chain.inStep(120);
    },
  );
};

const skipped = hasPoa()
  ? "it takes four releases, which the stand-in is built as; own-upgrade.test.ts has yours"
  : undefined;
describeRunningNetwork("an upgrade that is committed ahead", tests, skipped);
