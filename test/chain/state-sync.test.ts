import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toolsImage } from "tools/cluster/node/containerd.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { volumeFolder } from "../support/chain/faults.ts";
import { networkFile } from "../support/chain/operator.ts";
import { recordResult } from "../support/chain/results.ts";
import { commandsOf } from "../support/chain/runbook.ts";
import { describeRunningNetwork, type RunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { tagImage } from "../support/chain/tag-image.ts";
import { local } from "../support/networks.ts";

const index = 1;
const node = `mezo-node-${index}`;
// A snapshot so often that the test has one soon.
const interval = 15;

/** Puts a line into the network's declaration, or takes it out again. */
const withLine = (line: string) => (text: string) => text.replace("  peering:", `  ${line}\n  peering:`);
const withoutLine = (line: string) => (text: string) => text.replace(`  ${line}\n`, "");
const paused = `paused: [{ validator: ${index}, reason: "its database is broken" }],`;

describeRunningNetwork("the runbook for state sync", (network) => {
  test("a validator takes the chain's state from others, and signs nothing twice", async () => {
    const { location, chain, operator } = network();
    // Stands in for the runbook's image, since no registry is asked.
    await tagImage(location, toolsImage, "busybox:1.37");
    const snapshots = `{ app: { "state-sync": { "snapshot-interval": ${interval} } }, config:`;
    operator.edit(networkFile, (text) => text.replace("settings: { config:", `settings: ${snapshots}`));
    await pushed(network(), "A snapshot every few blocks");
    await chain.inStep(120);
    await chain.grows(2 * interval, 300);

    operator.edit(networkFile, withLine(paused));
    await pushed(network(), "One is paused");
    await follow(network(), "state-sync", ["", "Take it down"]);
    await follow(network(), "restore-a-volume", ["Open the volume"]);
    const lostAt = Number(stateIn(network()).height);
    await follow(network(), "state-sync", ["Empty the volume, and keep the signing state"]);
    expect(Number(stateIn(network()).height)).toBe(lostAt);

    const trustHeight = (await chain.top()) - 2;
    const { id } = await chain.block("mezo-node-0", trustHeight);
    const servers = [0, 2].map((i) => `http://mezo-node-${i}-internal.${local.namespace}.svc.cluster.local:26657`);
    const stateSync = { validators: [index], rpcServers: servers, trustHeight, trustHash: id };
    operator.edit(networkFile, withoutLine(paused));
    operator.edit(networkFile, withLine(`stateSync: ${JSON.stringify(stateSync)},`));
    await pushed(network(), "It takes its state from others");
    await chain.inStep(180);

    const { sync_info, validator_info } = await chain.rpc(node, "/status");
    // It executed no block before the snapshot.
    const from = Number(sync_info.earliest_block_height);
    expect(from).toBeGreaterThan(1);
    const signs = async (height: number) => {
      const { lastCommit } = await chain.block("mezo-node-0", height + 1);
      return lastCommit.signatures.some(({ validator }) => validator === validator_info.address);
    };
    await eventually(async () => signs((await chain.top()) - 1), 60, `a signature of ${node}`);
    expect((await findDoubleSigns(chain)).faults).toEqual([]);
    recordResult(location, "state sync", `stopped at ${lostAt}; its first block is ${from}, and none is signed twice`);
  });
});

async function pushed({ operator }: RunningNetwork, message: string): Promise<void> {
  await operator.app.synced(await operator.push(message), 600);
  await operator.app.healthy();
}

/** Runs a runbook's commands under those headings for the network `local`. */
async function follow({ operator }: RunningNetwork, runbook: string, headings: string[]): Promise<void> {
  const script = headings.map(commandsOf(runbook)).join("\n");
  const file = join(operator.clone, "..");
  const settings = `node=${node}; HOME=${file}; saved=~/$node.priv_validator_state.json`;
  const kubectl = `kubectl() { command kubectl --namespace ${local.namespace} "$@"; }`;
  await operator.run("bash", ["-euo", "pipefail", "-c", `${settings}\n${kubectl}\n${script}`]);
}

const stateIn = ({ location }: RunningNetwork) =>
  JSON.parse(readFileSync(join(volumeFolder(location, node), "priv_validator_state.json"), "utf8"));
