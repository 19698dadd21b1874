import { join } from "node:path";
import { artifactsFolder } from "tools/cluster/location.ts";
import { chainImage } from "tools/cluster/node/node.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { type Monitoring, startMonitoring } from "../support/chain/monitoring.ts";
import { formatObservation, type Observation, observe } from "../support/chain/observe.ts";
import { networkFile, withImage } from "../support/chain/operator.ts";
import { pod, podTimes, podUids, waitForNewPod } from "../support/chain/pods.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork, type RunningNetwork } from "../support/chain/running-network.ts";
import { tagImage } from "../support/chain/tag-image.ts";
import { renewKeyring } from "../support/chain/testnet.ts";

/** Edits the size of the mempool, which changes the node's configuration but not its behaviour in these tests. */
const withMempool = (size: number) => (text: string) =>
  text.replace(/config: \{(?: mempool: \{ size: \d+ \},)?/, `config: { mempool: { size: ${size} },`);

// The seconds of a round whose proposer restarts: timeout_propose, timeout_prevote and timeout_precommit.
const round = 3;

// A minute of an alert's patience is six seconds here: the rollouts take longer than an hour of it.
const times = 10;

describeRunningNetwork("a change by git push", (network) => {
  let alerts: Monitoring;
  let start = 0;
  beforeAll(async () => {
    start = Date.now();
    alerts = await startMonitoring(network().location, times);
  });
  afterAll(() => alerts?.stop());

  /** Pushes, and observes the chain until Argo CD has synced everything. */
  const pushAndObserve = (running: RunningNetwork, message: string): Promise<Observation> =>
    observe(running, async () => {
      const { operator } = running;
      await operator.app.synced(await operator.push(message), 400);
      await operator.app.healthy();
    });

  const expectNoHarm = ({ longestGap, medianGap, requests, failures }: Observation) => {
    expect(longestGap).toBeLessThan(medianGap + 2 * round);
    expect(requests).toBeGreaterThan(50);
    expect(failures).toEqual([]);
  };

  test("of the configuration reaches one validator after the other, and the chain goes on", async () => {
    const { location, kube, operator } = network();
    const before = await podUids(kube);
    operator.edit(networkFile, withMempool(4000));
    const observed = await pushAndObserve(network(), "A smaller mempool");
    recordResult(location, "a configuration, in waves", formatObservation(observed));
    const after = await podUids(kube);
    for (const node of nodeNames) expect(after[node]).not.toBe(before[node]);
    for (const [index, node] of nodeNames.slice(1).entries()) {
      const { ready } = await podTimes(kube, nodeNames[index] ?? "");
      expect((await podTimes(kube, node)).started).toBeGreaterThanOrEqual(ready);
    }
    expectNoHarm(observed);
  });

  test("of the image does so, too", async () => {
    const { location, kube, operator } = network();
    const image = chainImage.replace(/-rc\d+$/, "-rc90");
    await tagImage(location, chainImage, image);
    operator.edit(networkFile, withImage(image));
    const observed = await pushAndObserve(network(), "Another release");
    recordResult(location, "an image, in waves", formatObservation(observed));
    for (const node of nodeNames) expect((await pod(kube, node)).spec.containers[0].image).toBe(image);
    expectNoHarm(observed);
  });

  test("of one validator's keystore, sealed again, restarts only that validator", async () => {
    const { location, kube, operator } = network();
    const before = await podUids(kube);
    const node = "mezo-node-2";
    await renewKeyring(join(artifactsFolder(location), node), node);
    await operator.seal(node);
    const observed = await pushAndObserve(network(), "Another password for a keyring");
    recordResult(location, "a keystore, sealed again", formatObservation(observed));
    const { [node]: uid, ...others } = await podUids(kube);
    expect(uid).not.toBe(before[node]);
    expect(others).toEqual(Object.fromEntries(Object.entries(before).filter(([name]) => name !== node)));
    expectNoHarm(observed);
  });

  test("raises no alert", async () => {
    const seconds = (Date.now() - start) / 1000;
    expect(await alerts.fired(seconds)).toEqual([]);
    recordResult(network().location, "alerts during all of this", `none in ${Math.round(seconds)} s`);
  });

  test("is compared with applying everything at once", async () => {
    const { location, kube, operator } = network();
    // Otherwise Argo CD would undo it.
    await operator.pause();
    const before = await podUids(kube);
    operator.edit(networkFile, withMempool(4500));
    const observed = await observe(network(), async () => {
      await operator.script("gen");
      // As Argo CD's own manager: what another one owns, too, Argo CD could never take away again.
      const apply =
        "kubectl apply --selector type!=gate --server-side --force-conflicts --field-manager argocd-controller -f -";
      await operator.run("sh", ["-c", `kustomize build overlays/local | ${apply}`]);
      for (const node of nodeNames) await waitForNewPod(kube, node, before[node], 120);
    });
    recordResult(location, "a configuration, applied at once", formatObservation(observed));
    const commit = await operator.push("A smaller mempool, as it was applied");
    await operator.resume();
    await operator.app.synced(commit, 120);
    expect(observed.longestGap).toBeGreaterThan(observed.medianGap);
  });
});
