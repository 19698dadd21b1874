import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { referenceTo } from "tools/cluster/kubernetes/client.ts";
import { processesOf, programIds } from "tools/cluster/process/processes.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect } from "vitest";
import { build, type Deployed, deploy, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { longTests } from "../support/cluster/long-tests.ts";
import { missingFields } from "../support/cluster/missing-fields.ts";
import * as ownCluster from "../support/cluster/own-cluster.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";

const { test } = longTests(2, ownCluster);

const { cluster, kube, fakeNodes } = await useCluster();
const name = "faults";
const killsWithinMilliseconds = 6000;
const rounds = Array.from({ length: 10 }, (_, index) => index + 1);
// To repeat a run, set it to the seed that the run printed.
const seed = Number(process.env.FAULTS_SEED || randomInt(2 ** 31));

// With two validators, a sync takes two waves: long enough to be hit in the middle.
const withMemory = (memory: string) => {
  const { validators, resources } = networkOf(cluster, name);
  return networkOf(cluster, name, { validators: validators.slice(0, 2), resources: { ...resources, memory } });
};

let deployed: Deployed;
beforeAll(async () => {
  const network = withMemory("256Mi");
  const remove = await prepareNamespace(kube, cluster, network);
  deployed = await deploy(kube, cluster, { network });
  await deployed.app.synced(deployed.push({ network }));
  return remove;
});

const pids = () => programIds(cluster);

const programs = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "redis",
  "git-server",
  "argocd-repo-server",
  "argocd-application-controller",
  "argocd-server",
  "sealed-secrets-controller",
];

test("the programs that are killed are all that the cluster runs", () => {
  expect(Object.keys(pids()).sort()).toEqual([...programs].sort());
});

/** Kills a program, which may still be restarting after its last kill; returns the id of the killed process. */
async function kill(program: string): Promise<number> {
  const pid = await eventually(
    () => processesOf(cluster).find((pid) => pid === pids()[program]),
    30,
    `a running ${program}`,
  );
  process.kill(pid, "SIGKILL");
  return pid;
}

test.each(rounds)(
  "round %i: each program gets kill -9 in the middle of a sync, and the sync still succeeds",
  async (round) => {
    const random = randomFrom(seed + round);
    const order = programs.map((program) => ({ program, at: random() })).sort((a, b) => a.at - b.at);
    // One validator's new pod does not get ready before all programs have been killed, so the sync cannot end earlier.
    const heldPod = `mezo-node-${Math.floor(random() * 2)}-0`;
    const before = (await kube.list("v1", "Pod", name)).map(({ metadata }) => metadata.uid);
    let isReleased = false;
    fakeNodes.isReady = ({ metadata }) => isReleased || metadata.name !== heldPod || before.includes(metadata.uid);

    const network = withMemory(`${300 + round}Mi`);
    const commit = deployed.push({ network });
    await deployed.app.until("a sync that runs", ({ status }) => status.operationState?.phase === "Running", 30);
    const start = Date.now();
    const killed: Record<string, number> = {};
    const moments: string[] = [];
    for (const { program, at } of order) {
      await sleep(start + at * killsWithinMilliseconds - Date.now());
      killed[program] = await kill(program);
      moments.push(`${program} ${Date.now() - start}`);
    }
    console.log(`FAULTS_SEED=${seed}, round ${round}, ${heldPod} not ready; ms into the sync: ${moments.join(", ")}`);
    for (const program of programs) {
      await eventually(() => pids()[program] !== killed[program], 30, `another ${program}`);
    }
    const { status } = await deployed.app.until("a sync that has not ended", ({ status }) => status);
    expect(status.operationState.syncResult?.revision === commit && status.operationState.phase).not.toBe("Succeeded");

    isReleased = true;
    await deployed.app.synced(commit, 180);
    await deployed.app.healthy();
    const objects = await build(deployed.repository.folder, name);
    const differences = await Promise.all(
      objects.map(async (each) => missingFields(each, await kube.get(referenceTo(each)))),
    );
    expect(differences.flat()).toEqual([]);
  },
  300_000,
);

/** Random numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
