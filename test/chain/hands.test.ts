import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect, test } from "vitest";
import { nodeNames } from "../support/chain/chain.ts";
import { podUids, waitForNewPod } from "../support/chain/pods.ts";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { local } from "../support/networks.ts";
import { notInSample } from "../support/sample.ts";

describeRunningNetwork(
  "what somebody changes by hand is put back, and harms no promise:",
  (network) => {
    /** Waits until Argo CD has put everything back, and the chain goes on with all validators. */
    async function healed(): Promise<void> {
      const { operator, chain } = network();
      await operator.app.until(
        "everything as git says",
        ({ status }) => status.sync.status === "Synced" && status.health.status === "Healthy",
        300,
      );
      await chain.inStep(120);
      await chain.grows(2, 60);
    }

    // Another test may have left a rollout all at once, which has no gates, and a word in the clone to end that.
    beforeAll(async () => {
      const { operator, kube } = network();
      const note = { apiVersion: "v1", kind: "ConfigMap", name: "mezo-gate-2-done", namespace: local.namespace };
      if (await kube.get(note)) return;
      await operator.app.synced(await operator.push("One at a time, as always"), 400);
      await healed();
    }, 600_000);

    test.each([
      ["the note of what was rolled out", "configmap", "mezo-gate-2-done"],
      ["the Service by which others ask a validator", "service", "mezo-node-1-internal"],
      ["a sealed keystore", "sealedsecret", "mezo-node-3-keystore"],
    ])("%s is deleted: it comes back, and no validator restarts", async (_, kind, name) => {
      const { operator, kube } = network();
      const before = await podUids(kube);
      await operator.kubectl("delete", kind, name);
      await eventually(() => operator.kubectl("get", kind, name).catch(() => ""), 150, `${kind} ${name}`);
      await healed();
      expect(await podUids(kube)).toEqual(before);
    });

    test("a StatefulSet is deleted: a new one takes over its volume", async () => {
      const { operator, kube } = network();
      const before = await podUids(kube);
      await operator.kubectl("delete", "statefulset", "mezo-node-2");
      await waitForNewPod(kube, "mezo-node-2", before["mezo-node-2"], 180);
      await healed();
    });

    test("a validator is scaled to none: it runs again", async () => {
      const { operator, kube } = network();
      const before = await podUids(kube);
      await operator.kubectl("scale", "statefulset", "mezo-node-0", "--replicas=0");
      await waitForNewPod(kube, "mezo-node-0", before["mezo-node-0"], 180);
      await healed();
    });

    test("two validators are scaled to none, so that the chain stops: both run again, and so does the chain", async () => {
      const { operator, kube } = network();
      const before = await podUids(kube);
      await operator.kubectl("scale", "statefulset", "mezo-node-0", "mezo-node-4", "--replicas=0");
      for (const node of ["mezo-node-0", "mezo-node-4"]) await waitForNewPod(kube, node, before[node], 420);
      await healed();
    });

    test("all validators are edited at once: each has what git says again, and the chain goes on", async () => {
      const { operator, kube } = network();
      const before = await podUids(kube);
      const edit = { spec: { template: { metadata: { annotations: { edited: "by hand" } } } } };
      for (const node of nodeNames)
        await operator.kubectl("patch", "statefulset", node, "--patch", JSON.stringify(edit));
      for (const node of nodeNames) await waitForNewPod(kube, node, before[node], 300);
      await healed();
    });

    test("and nobody has signed a height twice", async () => {
      expect((await findDoubleSigns(network().chain)).faults).toEqual([]);
    });
  },
  notInSample(2),
);
