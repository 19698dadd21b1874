import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { processesOf, programIds } from "tools/cluster/process/processes.ts";
import { eventually } from "tools/cluster/wait.ts";
import { afterEach, beforeEach, expect } from "vitest";
import { test } from "../support/cluster/own-cluster.ts";
import { runTests } from "../support/cluster/run-tests.ts";

let temporary: string;
let child: ChildProcess;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), "lifetime-"));
});
afterEach(() => {
  child.kill("SIGKILL");
  rmSync(temporary, { recursive: true, force: true });
});

/** Starts the test command itself, with one file whose tests take a while. */
const start = () => runTests(["sync.test.ts"], temporary);

const clusters = () => readdirSync(temporary).filter((name) => name.startsWith("mezo-cluster-"));

const folder = () => eventually(() => clusters().map((name) => join(temporary, name))[0], 30, "the cluster's folder");

const programs = async () => Object.keys(programIds({ folder: await folder() }));

/** A moment to interrupt at, and how to wait for it. */
type Moment = [string, () => Promise<unknown>];
const moments: Moment[] = [
  ["before the first program starts", folder],
  ["while programs start", () => eventually(async () => (await programs()).length > 2, 30)],
  [
    "while tests run",
    () => eventually(async () => (await programs()).includes("sealed-secrets-controller"), 60).then(() => sleep(5000)),
  ],
];

/** The ways to end a command. */
type Interruption = [string, (child: ChildProcess) => void];
const interruptions: Interruption[] = [
  ["Ctrl-C", ({ pid = 0 }) => process.kill(-pid, "SIGINT")],
  ["SIGTERM", (child) => child.kill("SIGTERM")],
  ["kill -9", (child) => child.kill("SIGKILL")],
];

test.each(
  interruptions.flatMap(([name, interrupt]) =>
    moments.map(([moment, wait]) => [name, moment, wait, interrupt] as const),
  ),
)("%s, %s: no process and no file is left", async (_name, _moment, wait, interrupt) => {
  child = start();
  await wait();
  const clusterFolder = await folder();
  interrupt(child);
  await eventually(() => readdirSync(temporary).length === 0, 30, `the removal of ${clusterFolder}`);
  expect(processesOf({ folder: clusterFolder })).toEqual([]);
});

test("the cluster's process is killed: its programs end with it, and the command removes its folder", async () => {
  child = start();
  const cluster = { folder: await folder() };
  await eventually(async () => (await programs()).includes("sealed-secrets-controller"), 60);
  expect(processesOf(cluster).length).toBeGreaterThan(5);
  const [clusterProcess = 0] = readdirSync(`/proc/${child.pid}/task/${child.pid}`)
    .filter((name) => name === "children")
    .flatMap((name) => readFileSync(`/proc/${child.pid}/task/${child.pid}/${name}`, "utf8").trim().split(" "))
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("cluster-process.ts"));
  process.kill(clusterProcess, "SIGKILL");
  await eventually(() => processesOf(cluster).length === 0, 10, "the end of its programs");
  // The command hears of it a moment later than this test does, and an interruption in that moment would come first.
  await eventually(() => clusters().length === 0, 60, "the removal of its folder");
  child.kill("SIGINT");
  await eventually(() => readdirSync(temporary).length === 0, 60, "the removal of all other files");
});
