import { gateName } from "generators/network/names.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { nodeNames, podOf } from "../support/chain/chain.ts";
import { networkFile, withField, withoutField } from "../support/chain/operator.ts";
import { pod, podUids } from "../support/chain/pods.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork, type RunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { continually } from "../support/cluster/continually.ts";
import { local } from "../support/networks.ts";
import { notInSample } from "../support/sample.ts";

const last = nodeNames.at(-1) ?? "";
const paused = `paused: [{ validator: ${local.validators.length - 1}, reason: "its machine is being replaced" }],`;

const withMempool = (size: number) => (text: string) =>
  text.replace(/config: \{(?: mempool: \{ size: \d+ \},)?/, `config: { mempool: { size: ${size} },`);
const withSidecarCpu = (text: string) => text.replace('cpu: "10m", memory: "128Mi"', 'cpu: "11m", memory: "128Mi"');

describeRunningNetwork(
  "a push while a validator is down",
  (network) => {
    test("pauses the validator by the network's word: its pod goes, and the chain goes on", async () => {
      const { operator, kube, chain } = network();
      operator.edit(networkFile, withField(paused));
      await operator.app.synced(await operator.push("Pause the last validator"), 400);
      await eventually(async () => !(await pod(kube, last)), 180, `the end of ${podOf(last)}`);
      await chain.grows(3, 60);
    });

    test("of the sidecar goes through", async () => {
      const { operator } = network();
      operator.edit(networkFile, withSidecarCpu);
      await operator.app.synced(await operator.push("More for the sidecar"), 200);
    });

    test("that would take another validator down is held: the chain goes on, and the gate says who is missing", async () => {
      const { location, operator, kube, chain } = network();
      const before = await podUids(kube);
      operator.edit(networkFile, withMempool(4100));
      await operator.push("A mempool that all read");
      await eventually(async () => (await gateLog(network(), 1)).includes("Waiting:"), 150, "the gate's word");
      expect(await gateLog(network(), 1)).toContain(`1 of 5 validators do not sign (of ours: ${last}-internal)`);
      await continually(async () => expect(await podUids(kube)).toEqual(before), 20);
      await chain.grows(2, 60);
      recordResult(location, "a push with a validator down", "held before the first batch");
    });

    test("goes through once that one comes first, as the runbook says, and nobody signs twice", async () => {
      const { operator, kube, chain } = network();
      await operator.argocd("app", "terminate-op", "mezo-local");
      await operator.app.until("terminated", ({ status }) => status.operationState.phase === "Failed");
      const before = await podUids(kube);
      const order = `rollout: { batch: 1, order: [${local.validators.length - 1}] }`;
      operator.edit(networkFile, (text) => withoutField(paused)(text).replace(/rollout: "[a-z-]*"/, order));
      await operator.app.synced(await operator.push("The last validator first"), 400);
      await operator.app.healthy();
      await chain.inStep(120);
      const after = await podUids(kube);
      for (const node of nodeNames) expect(after[node]).not.toBe(before[node]);
      expect((await findDoubleSigns(chain)).faults).toEqual([]);
      // It counts with the next push.
      operator.edit(networkFile, (text) => text.replace(order, 'rollout: "one-at-a-time"'));
    });
  },
  notInSample(3),
);

/** What the gate before a batch has said so far. */
const gateLog = ({ operator }: RunningNetwork, batch: number): Promise<string> =>
  operator.kubectl("logs", `job/${gateName(local, batch)}`).catch(() => "");
