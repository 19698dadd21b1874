import type { ChildProcess } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pidFile, startedIn } from "tools/cluster/supervisor.ts";
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

/** The command itself, with one file whose tests wait. */
const start = () => runTests(["sync.test.ts"], temporary);

const clusters = () => readdirSync(temporary).filter((name) => name.startsWith("mezo-cluster-"));

const folder = () => eventually(() => clusters().map((name) => join(temporary, name))[0], 30, "the cluster's folder");

const programs = async () => Object.keys(JSON.parse(readFileSync(pidFile(await folder()), "utf8")));

/** Waits for the moment to interrupt at. */
type Moment = [string, () => Promise<unknown>];
const moments: Moment[] = [
  ["before the first program starts", folder],
  ["while programs start", () => eventually(async () => (await programs()).length > 2, 30)],
  [
    "while tests run",
    () => eventually(async () => (await programs()).includes("sealed-secrets-controller"), 60).then(() => sleep(5000)),
  ],
];

/** Ways in which a command is ended: by Ctrl-C, by a supervisor, by nobody's mercy. */
type Way = [string, (child: ChildProcess) => void];
const ways: Way[] = [
  ["Ctrl-C", ({ pid = 0 }) => process.kill(-pid, "SIGINT")],
  ["SIGTERM", (child) => child.kill("SIGTERM")],
  ["kill -9", (child) => child.kill("SIGKILL")],
];

test.each(ways.flatMap(([way, end]) => moments.map(([moment, wait]) => [way, moment, wait, end] as const)))(
  "%s, %s: no process and no file is left",
  async (_way, _moment, wait, end) => {
    child = start();
    await wait();
    const place = await folder();
    end(child);
    await eventually(() => readdirSync(temporary).length === 0, 30, `the end of ${place}`);
    expect(startedIn(place)).toEqual([]);
  },
);

test("what holds the cluster is killed: its programs go with it, its folder with the command", async () => {
  child = start();
  const place = await folder();
  await eventually(async () => (await programs()).includes("sealed-secrets-controller"), 60);
  expect(startedIn(place).length).toBeGreaterThan(5);
  const [holder = 0] = readdirSync(`/proc/${child.pid}/task/${child.pid}`)
    .filter((name) => name === "children")
    .flatMap((name) => readFileSync(`/proc/${child.pid}/task/${child.pid}/${name}`, "utf8").trim().split(" "))
    .map(Number)
    .filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("hold.ts"));
  process.kill(holder, "SIGKILL");
  await eventually(() => startedIn(place).length === 0, 10, "the end of its programs");
  child.kill("SIGINT");
  await eventually(() => readdirSync(temporary).length === 0, 60, "the end of its folder");
});
