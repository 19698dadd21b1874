import { tagImage } from "tools/cluster/node/containerd.ts";
import { chainImage } from "tools/cluster/node/node.ts";
import { eventually, holds } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { killProcess } from "../support/chain/faults.ts";
import { describeLive } from "../support/chain/live.ts";
import { inMode, inRelease, networkFile } from "../support/chain/operator.ts";
import { isReady, pod, podIds } from "../support/chain/pods.ts";
import { note } from "../support/chain/results.ts";

// Blocks that the change itself takes to get everywhere.
const ahead = 12;

const haltAt = (height: number) => (text: string) =>
  text.replace("settings: {", `settings: { app: { "halt-height": ${height} },`);
const haltNever = (text: string) => text.replace(/settings: \{ app: \{ "halt-height": \d+ \},/, "settings: {");

// As at the height of an upgrade: the old release can't go on.
describeLive("a planned halt", (live) => {
  let height: number;
  const image = chainImage.replace(/-rc\d+$/, "-rc91");

  test("stops every node at its height, and those that start again stay down", async () => {
    const { nodes, at, kube } = live();
    height = (await nodes.top()) + ahead;
    at.edit(networkFile, (text) => inMode("all-at-once")(haltAt(height)(text)));
    await at.app.synced(await at.push(`Halt at ${height}`), 120);
    await eventually(async () => (await nodes.top()) === height, 120, `height ${height}`);
    await Promise.all(nodeNames.map((node) => killProcess(live(), node)));
    await eventually(
      async () => {
        const pods = await Promise.all(nodeNames.map((node) => pod(kube, node)));
        return pods.every((each) => !isReady(each) && each.status.containerStatuses[0].restartCount > 1);
      },
      90,
      "no node that stays up",
    );
  });

  test("is a deadlock for waves: the first validator waits for the others, and they for it", async () => {
    const { place, kube, at } = live();
    await tagImage(place, chainImage, image);
    const before = await podIds(kube);
    at.edit(networkFile, (text) => inMode("one-at-a-time")(haltNever(inRelease(image)(text))));
    await at.push("The release for after the halt, in waves");
    await eventually(async () => runs(await pod(kube, "mezo-node-0"), image), 60, "the first validator's new pod");
    await holds(async () => {
      const { "mezo-node-0": _, ...others } = await podIds(kube);
      for (const [node, uid] of Object.entries(others)) expect({ [node]: uid }).toEqual({ [node]: before[node] });
      expect(isReady(await pod(kube, "mezo-node-0"))).toBe(false);
    }, 20);
    expect((await at.app.read()).status.operationState.message).toContain("waiting for healthy state");
    note(place, "after a planned halt, in waves", "stuck at the first validator");
  });

  test("ends with all at once", async () => {
    const { place, kube, nodes, at } = live();
    const start = Date.now();
    await at.argocd("app", "terminate-op", "mezo-local");
    await at.app.until("terminated", ({ status }) => status.operationState.phase === "Failed");
    at.edit(networkFile, inMode("all-at-once"));
    const commit = await at.push("All at once");
    await at.app.synced(commit, 120);
    await nodes.isWhole(120);
    expect(await nodes.grows(2, 60)).toBeGreaterThan(height);
    for (const node of nodeNames) expect(runs(await pod(kube, node), image)).toBe(true);
    note(place, "after a planned halt, all at once", `blocks again after ${Math.round((Date.now() - start) / 1000)} s`);

    at.edit(networkFile, inMode("one-at-a-time"));
    await at.app.synced(await at.push("One at a time, as always"), 240);
    await at.app.healthy();
  });
});

// biome-ignore lint/suspicious/noExplicitAny: a pod as the API server has it.
const runs = (pod: any, image: string) => pod?.spec.containers[0].image === image;
