import { readFileSync } from "node:fs";
import { join } from "node:path";
import { toolsImage } from "tools/cluster/node/containerd.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { networkFile, withRollout } from "../support/chain/operator.ts";
import { podUids } from "../support/chain/pods.ts";
import { recordResult } from "../support/chain/results.ts";
import { commandsOf } from "../support/chain/runbook.ts";
import { describeRunningNetwork, type RunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { hasSigned, stateHeight } from "../support/chain/signing-state.ts";
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

// Four pushes, two of which restart every validator.
const minutes = 60_000;

describeRunningNetwork("the runbook for state sync", (network) => {
  test("a validator takes the chain's state from others, and signs nothing twice", {
    timeout: 20 * minutes,
  }, async () => {
    const { location, kube, chain, operator } = network();
    const declared = readFileSync(join(operator.clone, networkFile), "utf8");
    // Stands in for the runbook's image, since no registry is asked.
    await tagImage(location, toolsImage, "busybox:1.37");
    // All snapshots are kept, so that none goes while it is fetched.
    const snapshots = `{ app: { "state-sync": { "snapshot-interval": ${interval}, "snapshot-keep-recent": 0 } },`;
    operator.edit(networkFile, (text) =>
      withRollout("all-at-once")(text.replace("settings: {", `settings: ${snapshots}`)),
    );
    await pushed(network(), "A snapshot every few blocks");
    await chain.inStep(120);
    await chain.grows(2 * interval, 300);

    operator.edit(networkFile, withLine(paused));
    await pushed(network(), "One is paused");
    await follow(network(), "state-sync", ["", "Take it down"]);
    await follow(network(), "restore-a-volume", ["Open the volume"]);
    const lostAt = stateHeight(network(), node);
    await follow(network(), "state-sync", ["Empty the volume, and keep the signing state"]);
    expect(stateHeight(network(), node)).toBe(lostAt);

    const trustHeight = (await chain.top()) - 2;
    const { id } = await chain.block("mezo-node-0", trustHeight);
    const servers = [0, 2].map((i) => `http://mezo-node-${i}-internal.${local.namespace}.svc.cluster.local:26657`);
    const others = withoutNode(await podUids(kube));
    const stateSync = { validators: [index], rpcServers: servers, trustHeight, trustHash: id };
    operator.edit(networkFile, withoutLine(paused));
    operator.edit(networkFile, withLine(`stateSync: ${JSON.stringify(stateSync)},`));
    await pushed(network(), "It takes its state from others");
    await chain.inStep(180);
    // As the runbook says, no other validator restarts.
    expect(withoutNode(await podUids(kube))).toEqual(others);

    const { sync_info, validator_info } = await chain.rpc(node, "/status");
    // It executed no block before the snapshot.
    const from = Number(sync_info.earliest_block_height);
    expect(from).toBeGreaterThan(1);
    const signs = async () => hasSigned(chain, validator_info.address, (await chain.top()) - 1);
    await eventually(signs, 60, `a signature of ${node}`);
    expect((await findDoubleSigns(chain)).faults).toEqual([]);
    recordResult(location, "state sync", `stopped at ${lostAt}; its first block is ${from}, and none is signed twice`);

    operator.edit(networkFile, () => withRollout("all-at-once")(declared));
    await pushed(network(), "As it was");
    await chain.inStep(180);
    // It counts with the next push.
    operator.edit(networkFile, () => withRollout("one-at-a-time")(declared));
  });
});

const withoutNode = ({ [node]: _, ...others }: Record<string, string | undefined>) => others;

async function pushed({ operator }: RunningNetwork, message: string): Promise<void> {
  await operator.app.synced(await operator.push(message), 600);
  // Fetching the state takes a while.
  await operator.app.healthy(240);
}

/** Runs a runbook's commands under those headings for the network `local`. */
async function follow({ operator }: RunningNetwork, runbook: string, headings: string[]): Promise<void> {
  const script = headings.map(commandsOf(runbook)).join("\n");
  const file = join(operator.clone, "..");
  const settings = `node=${node}; HOME=${file}; saved=~/$node.priv_validator_state.json`;
  const kubectl = `kubectl() { command kubectl --namespace ${local.namespace} "$@"; }`;
  await operator.run("bash", ["-euo", "pipefail", "-c", `${settings}\n${kubectl}\n${script}`]);
}
