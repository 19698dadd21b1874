import { join } from "node:path";
import { artifactsFolder } from "tools/cluster/location.ts";
import { tagImage } from "tools/cluster/node/containerd.ts";
import { chainImage } from "tools/cluster/node/node.ts";
import { renewKeyring } from "tools/mezod/testnet.ts";
import { expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { describeLive, type Live } from "../support/chain/live.ts";
import { type Observed, observe, told } from "../support/chain/observe.ts";
import { inRelease, networkFile } from "../support/chain/operator.ts";
import { pod, podIds, replaced, times } from "../support/chain/pods.ts";
import { note } from "../support/chain/results.ts";

/** Another size of the mempool: the node's configuration, and nothing that it does. */
const withMempool = (size: number) => (text: string) =>
  text.replace(
    /settings: \{ config: \{(?: mempool: \{ size: \d+ \},)?/,
    `settings: { config: { mempool: { size: ${size} },`,
  );

describeLive("a change by git push", (live) => {
  /** Pushes, and observes until Argo CD has synced it all. */
  const roll = ({ at, ...rest }: Live, message: string): Promise<Observed> =>
    observe({ at, ...rest }, async () => {
      const commit = await at.push(message);
      await at.app.synced(commit, 240);
      await at.app.healthy();
    });

  const expectNoHarm = ({ longestGap, medianGap, requests, failures }: Observed) => {
    expect(longestGap).toBeLessThan(3 * medianGap);
    expect(requests).toBeGreaterThan(50);
    expect(failures).toEqual([]);
  };

  test("of the configuration reaches one validator after the other, and the chain goes on", async () => {
    const { place, kube, at } = live();
    const before = await podIds(kube);
    at.edit(networkFile, withMempool(4000));
    const observed = await roll(live(), "A smaller mempool");
    note(place, "a configuration, in waves", told(observed));
    const after = await podIds(kube);
    for (const node of nodeNames) expect(after[node]).not.toBe(before[node]);
    for (const [index, node] of nodeNames.slice(1).entries()) {
      const { ready } = await times(kube, nodeNames[index] ?? "");
      expect((await times(kube, node)).begun).toBeGreaterThanOrEqual(ready);
    }
    expectNoHarm(observed);
  });

  test("of the image as well", async () => {
    const { place, kube, at } = live();
    const image = chainImage.replace(/-rc\d+$/, "-rc90");
    await tagImage(place, chainImage, image);
    at.edit(networkFile, inRelease(image));
    const observed = await roll(live(), "Another release");
    note(place, "an image, in waves", told(observed));
    for (const node of nodeNames) expect((await pod(kube, node)).spec.containers[0].image).toBe(image);
    expectNoHarm(observed);
  });

  test("of one validator's keystore, sealed again, restarts that validator alone", async () => {
    const { place, kube, at } = live();
    const before = await podIds(kube);
    const node = "mezo-node-2";
    await renewKeyring(join(artifactsFolder(place), node), node);
    await at.seal(node);
    const observed = await roll(live(), "Another password for a keyring");
    note(place, "a keystore, sealed again", told(observed));
    const { [node]: uid, ...others } = await podIds(kube);
    expect(uid).not.toBe(before[node]);
    expect(others).toEqual(Object.fromEntries(Object.entries(before).filter(([name]) => name !== node)));
    expectNoHarm(observed);
  });

  test("is beside what applying all of it at once does, as is done today", async () => {
    const { place, kube, at } = live();
    // It would not leave it so.
    await at.pause();
    const before = await podIds(kube);
    at.edit(networkFile, withMempool(4500));
    const observed = await observe(live(), async () => {
      await at.script("gen");
      await at.run("sh", ["-c", "kustomize build overlays/local | kubectl apply --server-side --force-conflicts -f -"]);
      for (const node of nodeNames) await replaced(kube, node, before[node], 120);
    });
    note(place, "a configuration, applied at once", told(observed));
    const commit = await at.push("A smaller mempool, as it was applied");
    await at.resume();
    await at.app.synced(commit, 120);
    expect(observed.longestGap).toBeGreaterThan(observed.medianGap);
  });
});
