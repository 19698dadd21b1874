import { existsSync, renameSync } from "node:fs";
import { join } from "node:path";
import { identityFiles, keystoreName } from "generators/network/names.ts";
import { programIds } from "tools/cluster/process/processes.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { podOf } from "../support/chain/chain.ts";
import { deletePod, forceDeletePod, killProcess, reports, volumeFolder, withoutPod } from "../support/chain/faults.ts";
import { isReady, pod, podReference, waitForNewPod } from "../support/chain/pods.ts";
import { recordResult } from "../support/chain/results.ts";
import { describeRunningNetwork, type RunningNetwork } from "../support/chain/running-network.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { local } from "../support/networks.ts";

const { namespace } = local;
type Keystore = Record<string, string>;
const [nodeKey = "", key = ""] = identityFiles;

describeRunningNetwork("a fault", (network) => {
  const uidOf = async (node: string) => (await pod(network().kube, node)).metadata.uid;

  test("a node's process is killed: its container is restarted", async () => {
    const { kube, chain } = network();
    const node = "mezo-node-1";
    const restarts = async () => (await pod(kube, node)).status.containerStatuses[0].restartCount;
    const before = await restarts();
    await killProcess(network(), node);
    await chain.grows(1, 40);
    await eventually(async () => (await restarts()) === before + 1, 30, "a restart of the container");
    await chain.inStep(60);
  });

  test.each([
    ["deleted", deletePod],
    ["deleted by force, while its process still runs", forceDeletePod],
  ] as const)("a pod is %s: a new one replaces it", async (_, act) => {
    const { kube, chain } = network();
    const node = "mezo-node-3";
    const uid = await uidOf(node);
    await act(network(), node);
    await chain.grows(1, 40);
    await waitForNewPod(kube, node, uid, 90);
    await chain.inStep(60);
  });

  test.each(["kubelet", "containerd"])("%s is killed: pods go on running", async (program) => {
    const { location, kube, chain } = network();
    const uid = await uidOf("mezo-node-0");
    const pid = () => programIds(location)[program] as number;
    const killed = pid();
    process.kill(killed, "SIGKILL");
    await eventually(() => pid() !== killed, 10, `a restart of ${program}`);
    await chain.grows(2, 60);
    // The restarted program works: a deleted pod is replaced.
    const deleted = await uidOf("mezo-node-4");
    await deletePod(network(), "mezo-node-4");
    await waitForNewPod(kube, "mezo-node-4", deleted, 120);
    expect(await uidOf("mezo-node-0")).toBe(uid);
    await chain.inStep(60);
  });

  test.each<[string, (data: Keystore) => Keystore, string]>([
    ["missing", ({ [key]: _, ...rest }) => rest, "references non-existent secret key"],
    ["empty", (data) => ({ ...data, [key]: "" }), `${key} is missing or empty`],
    ["cut off", (data) => ({ ...data, [key]: cutOff(data[key]) }), "PrivValidator"],
    ["not a key", (data) => ({ ...data, [nodeKey]: cutOff(data[nodeKey]) }), "unexpected end of JSON input"],
  ])(
    "a key file is %s: the pod says so and does not start; the SealedSecret restores the file",
    async (_, damage, words) => {
      const { kube, chain } = network();
      const node = "mezo-node-1";
      const reference = { apiVersion: "v1", kind: "Secret", name: keystoreName(local, 1), namespace };
      const secret = await kube.get(reference);
      await kube.request("PUT", `/api/v1/namespaces/${namespace}/secrets/${reference.name}`, {
        body: { ...secret, data: damage(secret.data) },
        type: "application/json",
      });
      try {
        await deletePod(network(), node);
        await reportsFailure(network(), node, words);
        await chain.grows(2, 60);
      } finally {
        await kube.delete(reference);
        await eventually(() => kube.get(reference), 60, "the restored Secret");
        await deletePod(network(), node);
      }
      await chain.inStep(150);
    },
  );

  test("the signing state is missing beside a database: the pod refuses to create a new one", async () => {
    const { location, chain } = network();
    const node = "mezo-node-3";
    const state = join(volumeFolder(location, node), "priv_validator_state.json");
    await withoutPod(network(), node, async () => renameSync(state, `${state}.away`));
    try {
      await reportsFailure(network(), node, "A fresh one could sign a height twice");
      expect(existsSync(state)).toBe(false);
      await chain.grows(2, 60);
    } finally {
      renameSync(`${state}.away`, state);
    }
    await chain.inStep(120);
  });

  test("a validator is scaled to two: the second pod refuses to sign with the same keys", async () => {
    const { kube, chain, operator } = network();
    const node = "mezo-node-0";
    // Argo CD would undo it at once, or after a minute if it has done so recently.
    await operator.pause();
    await operator.kubectl("scale", "statefulset", node, "--replicas=2");
    const log = () => operator.kubectl("logs", `${node}-1`, "--container", "preflight");
    await eventually(
      async () => (await log()).includes(`would sign with the keys of ${podOf(node)}`),
      60,
      "the refusal of the second pod",
    );
    await operator.resume();
    await eventually(
      async () => !(await kube.get({ ...podReference(node), name: `${node}-1` })),
      120,
      "the removal of the second pod",
    );
    await chain.inStep(60);
  });

  test("no height was signed twice through all of this", async () => {
    const { location, chain } = network();
    const { faults, signatures } = await findDoubleSigns(chain);
    expect(faults).toEqual([]);
    expect(signatures).toBeGreaterThan(100);
    recordResult(location, "after all faults", `${signatures} signatures, none twice for a height`);
  });
});

const cutOff = (base64 = "") => Buffer.from(Buffer.from(base64, "base64").subarray(0, 40)).toString("base64");

/** Waits until a validator's pod is not ready, and its events or logs say why. */
async function reportsFailure(network: RunningNetwork, node: string, words: string): Promise<void> {
  await eventually(async () => !isReady(await pod(network.kube, node)), 120, `${node} to become unready`);
  await reports(network, node, words);
}
