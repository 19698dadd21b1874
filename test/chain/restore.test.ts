import { existsSync } from "node:fs";
import { toolsImage } from "tools/cluster/node/containerd.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { followRestore } from "../support/chain/restore-runbook.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { hasSigned, stateFile, stateHeight } from "../support/chain/signing-state.ts";
import { tagImage } from "../support/chain/tag-image.ts";

const node = "mezo-node-1";
// Fewer than the runbook's hundred, to save time.
const blocks = 15;

describeRunningNetwork("the runbook for a volume", (network) => {
  let savedAt: number;

  test("backs it up", async () => {
    const { location, chain } = network();
    // Stands in for the runbook's image, since no registry is asked.
    await tagImage(location, toolsImage, "busybox:1.37");
    await followRestore(network(), blocks, ["Stop the validator", "Open the volume", "Back up"]);
    savedAt = stateHeight(network(), node);
    expect(savedAt).toBeGreaterThan(0);
    await followRestore(network(), blocks, ["Start it again"]);
    await chain.inStep(120);
    expect((await network().operator.app.read()).spec.syncPolicy.automated.selfHeal).toBe(true);
  });

  test("restores it: the validator catches up, and signs no height that it may have signed before", async () => {
    const { location, chain } = network();
    // Let it sign more heights than the backup knows of.
    await eventually(() => stateHeight(network(), node) > savedAt + 2, 60, "more signatures");
    const lostAt = stateHeight(network(), node);
    await followRestore(network(), blocks, ["Stop the validator", "Open the volume"]);
    // When no validator tells the height, it is better to have no signing state than a wrong one.
    const restore = ["Restore from a backup", "Raise the signing state"];
    const withoutAnswer = followRestore(network(), blocks, restore, { "type=node": "type=nobody" });
    await expect(withoutAnswer).rejects.toThrow("priv_validator_state.json: No such file");
    expect(existsSync(stateFile(network(), node))).toBe(false);
    await followRestore(network(), blocks, restore);
    // Before it starts: once the chain is past that height, the validator signs again.
    const raised = stateHeight(network(), node);
    expect(raised).toBeGreaterThan(lostAt);
    await followRestore(network(), blocks, ["Start it again"]);
    await chain.inStep(180);

    const { address } = (await chain.rpc(node, "/status")).validator_info;
    const signs = (height: number) => hasSigned(chain, address, height);
    await eventually(async () => (await chain.top()) > raised + 3, 150, `height ${raised + 3}`);
    const heights = Array.from({ length: raised - lostAt }, (_, i) => lostAt + i);
    const signed = await Promise.all(heights.map(signs));
    // It signed nothing after it stopped, and, once restored, nothing before that height.
    expect(raised - (heights[signed.lastIndexOf(true)] ?? 0)).toBeGreaterThanOrEqual(blocks);
    await eventually(async () => signs((await chain.top()) - 1), 60, `a signature of ${node}`);
    const { faults } = await findDoubleSigns(chain);
    expect(faults).toEqual([]);
    recordResult(
      location,
      "a volume, restored",
      `from height ${savedAt}, lost at ${lostAt}; signs again from ${raised} on, none twice for a height`,
    );
  });
});
