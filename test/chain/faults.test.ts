import { existsSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { identityFiles, keystoreName } from "generators/network/names.ts";
import { runInNode } from "tools/cluster/node/machine.ts";
import { pidFile } from "tools/cluster/supervisor.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { podOf } from "../support/chain/chain.ts";
import { complaints, deletePod, forceDeletePod, killProcess, volumeOf, whileGone } from "../support/chain/faults.ts";
import { describeLive, type Live } from "../support/chain/live.ts";
import { isReady, pod, podReference, replaced } from "../support/chain/pods.ts";
import { note } from "../support/chain/results.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { local } from "../support/networks.ts";

const { namespace } = local;
type Keystore = Record<string, string>;
const [nodeKey = "", key = ""] = identityFiles;

describeLive("a fault", (live) => {
  const uidOf = async (node: string) => (await pod(live().kube, node)).metadata.uid;

  test("the node's process is killed: its container starts again", async () => {
    const { kube, nodes } = live();
    const node = "mezo-node-1";
    const restarts = async () => (await pod(kube, node)).status.containerStatuses[0].restartCount;
    const before = await restarts();
    await killProcess(live(), node);
    await nodes.grows(1, 40);
    await eventually(async () => (await restarts()) === before + 1, 30, "a restart");
    await nodes.isWhole(60);
  });

  test.each([
    ["deleted", deletePod],
    ["deleted by force, while its process still runs", forceDeletePod],
  ] as const)("a pod is %s: another one takes its place", async (_, act) => {
    const { kube, nodes } = live();
    const node = "mezo-node-3";
    const uid = await uidOf(node);
    await act(live(), node);
    await nodes.grows(1, 40);
    await replaced(kube, node, uid, 90);
    await nodes.isWhole(60);
  });

  test.each(["kubelet", "containerd"])("%s is killed: pods live on", async (program) => {
    const { place, kube, nodes } = live();
    const uid = await uidOf("mezo-node-0");
    const pids = () => JSON.parse(readFileSync(pidFile(place.folder), "utf8"));
    const old = pids()[program];
    process.kill(old, "SIGKILL");
    await eventually(() => pids()[program] !== old, 10, `another ${program}`);
    await nodes.grows(2, 60);
    // It does its work again: a pod that is deleted comes back.
    const deleted = await uidOf("mezo-node-4");
    await deletePod(live(), "mezo-node-4");
    await replaced(kube, "mezo-node-4", deleted, 120);
    expect(await uidOf("mezo-node-0")).toBe(uid);
    await nodes.isWhole(60);
  });

  test("a volume is full: that node alone stops, and goes on when it is started with room", async () => {
    const { place, nodes } = live();
    const node = "mezo-node-2";
    const volume = volumeOf(place, node);
    await whileGone(live(), node, () => runInNode(place, "sh", "-c", moveToSmallDisk, "sh", volume, "8"));
    try {
      await nodes.isWhole(90);
      await runInNode(place, "sh", "-c", 'dd if=/dev/zero of="$1/filler" bs=4k 2>/dev/null; true', "sh", volume);
      await says(live(), node, "no space left on device");
      await nodes.grows(2, 60);
      // Its process may live on with a consensus that has failed, and count as ready.
      expect(await nodes.height(node).catch(() => 0)).toBeLessThan(await nodes.top());
    } finally {
      await runInNode(place, "sh", "-c", 'rm -f "$1/filler"; mount -o remount,size=1g "$1"', "sh", volume);
    }
    // It has to be started anew.
    await whileGone(live(), node, () => runInNode(place, "sh", "-c", moveBack, "sh", volume));
    await nodes.isWhole(120);
  });

  test.each<[string, (data: Keystore) => Keystore, string]>([
    ["missing", ({ [key]: _, ...rest }) => rest, "references non-existent secret key"],
    ["empty", (data) => ({ ...data, [key]: "" }), `${key} is missing or empty`],
    ["cut off", (data) => ({ ...data, [key]: cut(data[key]) }), "PrivValidator"],
    ["no key", (data) => ({ ...data, [nodeKey]: cut(data[nodeKey]) }), "unexpected end of JSON input"],
  ])(
    "a key file is %s: the pod says so and does not start; the SealedSecret brings it back",
    async (_, spoil, words) => {
      const { kube, nodes } = live();
      const node = "mezo-node-1";
      const reference = { apiVersion: "v1", kind: "Secret", name: keystoreName(local, 1), namespace };
      const secret = await kube.get(reference);
      await kube.request("PUT", `/api/v1/namespaces/${namespace}/secrets/${reference.name}`, {
        body: { ...secret, data: spoil(secret.data) },
        type: "application/json",
      });
      try {
        await deletePod(live(), node);
        await saysWhy(live(), node, words);
        await nodes.grows(2, 60);
      } finally {
        await kube.delete(reference);
        await eventually(() => kube.get(reference), 60, "the Secret again");
        await deletePod(live(), node);
      }
      await nodes.isWhole(150);
    },
  );

  test("the signing state is missing beside a database: the pod refuses to begin a fresh one", async () => {
    const { place, nodes } = live();
    const node = "mezo-node-3";
    const state = join(volumeOf(place, node), "priv_validator_state.json");
    await whileGone(live(), node, async () => renameSync(state, `${state}.away`));
    try {
      await saysWhy(live(), node, "A fresh one could sign a height twice");
      expect(existsSync(state)).toBe(false);
      await nodes.grows(2, 60);
    } finally {
      renameSync(`${state}.away`, state);
    }
    await nodes.isWhole(120);
  });

  test("somebody scales a validator: the second pod refuses to sign with the same keys", async () => {
    const { kube, nodes, at } = live();
    const node = "mezo-node-0";
    // It takes it back at once, or after a minute, when it has done so lately.
    await at.pause();
    await at.kubectl("scale", "statefulset", node, "--replicas=2");
    const log = () => at.kubectl("logs", `${node}-1`, "--container", "preflight");
    await eventually(async () => (await log()).includes(`would sign with the keys of ${podOf(node)}`), 60, "a refusal");
    await at.resume();
    await eventually(async () => !(await kube.get({ ...podReference(node), name: `${node}-1` })), 120, "one pod again");
    await nodes.isWhole(60);
  });

  test("none of it got a height signed twice", async () => {
    const { place, nodes } = live();
    const { wrong, signatures } = await findDoubleSigns(nodes);
    expect(wrong).toEqual([]);
    expect(signatures).toBeGreaterThan(100);
    note(place, "after all faults", `${signatures} signatures, none twice for a height`);
  });
});

const cut = (base64 = "") => Buffer.from(Buffer.from(base64, "base64").subarray(0, 40)).toString("base64");

/** Waits until the reason of a validator's trouble can be read. */
async function says(live: Live, node: string, words: string): Promise<void> {
  const isSaid = async () => {
    const said = await complaints(live, node);
    if (!said.includes(words)) throw new Error(said.slice(-1000));
    return true;
  };
  await eventually(isSaid, 120, `${node} says "${words}"`);
}

/** Waits until a validator's pod is not ready, and says why. */
async function saysWhy(live: Live, node: string, words: string): Promise<void> {
  await eventually(async () => !isReady(await pod(live.kube, node)), 120, `a ${node} that is not ready`);
  await says(live, node, words);
}

// $1: a volume; $2: megabytes beside what is in it.
const moveToSmallDisk = `
set -eu
mv "$1" "$1.disk"
mkdir "$1"
mount -t tmpfs -o "size=$(($(du -sm "$1.disk" | cut -f1) + $2))m" tmpfs "$1"
cp -a "$1.disk/." "$1"
`;
const moveBack = `
set -eu
rm -r "$1.disk"
mkdir "$1.disk"
cp -a "$1/." "$1.disk"
umount "$1"
rmdir "$1"
mv "$1.disk" "$1"
`;
