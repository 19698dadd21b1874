import { randomInt } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, expect } from "vitest";
import { build, type Deployed, deploy, networkOf, prepareNamespace } from "./deployed.ts";
import { referenceTo } from "./kube.ts";
import { useCluster } from "./setting.ts";
import { test } from "./steered.ts";
import { missing } from "./subset.ts";
import { pidFile } from "./supervise.ts";
import { eventually } from "./wait.ts";

const { cluster, kube } = await useCluster();
const name = "faults";
const rounds = 10;

// Two validators make a sync of two waves: as long as it takes to meet it in the middle.
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

const pids = (): Record<string, number> => JSON.parse(readFileSync(pidFile(cluster.folder), "utf8"));

test("the programs that are killed are all that there are", () => {
  expect(Object.keys(pids()).sort()).toEqual([...programs].sort());
});

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

test.each(Array.from({ length: rounds }, (_, round) => [round + 1, programs[round % programs.length] ?? ""] as const))(
  "round %i: kill -9 of %s in the middle of a sync; the sync ends right",
  async (round, program) => {
    const network = withMemory(`${300 + round}Mi`);
    const commit = deployed.push({ network });
    await deployed.app.until(
      "a sync that runs",
      ({ status, operation }) => operation || status.operationState?.phase === "Running",
      30,
    );
    const moment = randomInt(0, 5000);
    await sleep(moment);
    const killed = pids()[program] ?? 0;
    process.kill(killed, "SIGKILL");
    console.log(`${program} killed ${moment} ms into the sync`);
    await eventually(() => pids()[program] !== killed, 30, `another ${program}`);

    await deployed.app.synced(commit, 150);
    await deployed.app.healthy();
    const objects = await build(deployed.repository.folder, name);
    const differences = await Promise.all(
      objects.map(async (each) => missing(each, await kube.get(referenceTo(each)))),
    );
    expect(differences.flat()).toEqual([]);
  },
  240_000,
);
