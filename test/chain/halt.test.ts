import { chainImage } from "tools/cluster/node/node.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { killProcess } from "../support/chain/faults.ts";
import { networkFile, withImage, withRollout } from "../support/chain/operator.ts";
import { isReady, pod, podUids } from "../support/chain/pods.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { tagImage } from "../support/chain/tag-image.ts";
import { continually } from "../support/cluster/continually.ts";
import { notInSample } from "../support/sample.ts";

// Enough blocks for the change to reach every node.
const blocksAhead = 45;

const haltAt = (height: number) => (text: string) =>
  text.replace("settings: {", `settings: { app: { "halt-height": ${height} },`);
const withoutHalt = (text: string) => text.replace(/settings: \{ app: \{ "halt-height": \d+ \},/, "settings: {");

// As at the height of an upgrade, where the old release cannot go on.
describeRunningNetwork(
  "a planned halt",
  (network) => {
    let height: number;
    const image = chainImage.replace(/-rc\d+$/, "-rc91");

    test("stops every node at its height, and nodes that restart stop again", async () => {
      const { chain, operator, kube } = network();
      height = (await chain.top()) + blocksAhead;
      operator.edit(networkFile, (text) => withRollout("all-at-once")(haltAt(height)(text)));
      await operator.app.synced(await operator.push(`Halt at ${height}`), 120);
      await eventually(async () => (await chain.top()) === height, 120, `height ${height}`);
      await Promise.all(nodeNames.map((node) => killProcess(network(), node)));
      await eventually(
        async () => {
          const pods = await Promise.all(nodeNames.map((node) => pod(kube, node)));
          return pods.every((each) => !isReady(each) && each.status.containerStatuses[0].restartCount > 1);
        },
        90,
        "every node to be restarting",
      );
    });

    test("deadlocks waves: the first validator waits for the others, and they wait for it", async () => {
      const { location, kube, operator } = network();
      await tagImage(location, chainImage, image);
      const before = await podUids(kube);
      operator.edit(networkFile, (text) => withRollout("one-at-a-time")(withoutHalt(withImage(image)(text))));
      await operator.push("The release after the halt, in waves");
      // The gate takes its time to see that the chain stands still.
      await eventually(async () => runs(await pod(kube, "mezo-node-0"), image), 150, "the first validator's new pod");
      await continually(async () => {
        const { "mezo-node-0": _, ...others } = await podUids(kube);
        for (const [node, uid] of Object.entries(others)) expect({ [node]: uid }).toEqual({ [node]: before[node] });
        expect(isReady(await pod(kube, "mezo-node-0"))).toBe(false);
      }, 20);
      expect((await operator.app.read()).status.operationState.message).toContain("waiting for healthy state");
      recordResult(location, "after a planned halt, in waves", "stuck at the first validator");
    });

    test("ends with a rollout all at once", async () => {
      const { location, kube, chain, operator } = network();
      const start = Date.now();
      await operator.argocd("app", "terminate-op", "mezo-local");
      await operator.app.until("terminated", ({ status }) => status.operationState.phase === "Failed");
      operator.edit(networkFile, withRollout("all-at-once"));
      const commit = await operator.push("All at once");
      await operator.app.synced(commit, 120);
      await chain.inStep(120);
      expect(await chain.grows(2, 60)).toBeGreaterThan(height);
      for (const node of nodeNames) expect(runs(await pod(kube, node), image)).toBe(true);
      recordResult(
        location,
        "after a planned halt, all at once",
        `blocks again after ${Math.round((Date.now() - start) / 1000)} s`,
      );

      // It counts with the next push.
      operator.edit(networkFile, withRollout("one-at-a-time"));
    });
  },
  notInSample(7),
);

// biome-ignore lint/suspicious/noExplicitAny: a pod as the API server has it.
const runs = (pod: any, image: string) => pod?.spec.containers[0].image === image;
