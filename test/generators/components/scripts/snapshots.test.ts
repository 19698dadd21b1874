import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { snapshots as script, snapshotPatience } from "generators/components/scripts/snapshots.ts";
import { snapshotClassName, snapshotVolumes } from "generators/network/snapshots.ts";
import { conform } from "scripts/validate/kubeconform.ts";
import { kubernetesVersions } from "tools/schemas.ts";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { temporary } from "../../../support/artifacts.ts";
import { shell } from "../../../support/shell.ts";
import { withSnapshots } from "../../../support/snapshots.ts";

// The API server is a stand-in. What is real is the shell: busybox's, as in the image, and others that this machine has.
const standIn = resolve(import.meta.dirname, "../../../support/stand-in-kubectl.cjs");
const shells: [string, ...string[]][] = [shell, ["/bin/sh"], ["/bin/bash", "--posix"]].filter(([path]) =>
  existsSync(path as string),
) as [string, ...string[]][];

const network = withSnapshots();
const [rpc, validator] = snapshotVolumes(network) as [Volume, Volume];
type Volume = { pod: string; claim: string };

interface Snapshot {
  name: string;
  labels: Record<string, string>;
  claim?: string;
  class?: string;
  ready?: boolean;
  /** Whether it gets ready once somebody waits for it. */
  soon?: boolean;
  error?: string;
}

interface State {
  snapshots: Snapshot[];
  /** What becomes of new snapshots, by their claims. */
  made: Record<string, Partial<Snapshot>>;
  /** What is refused: requests that begin so, and have that in them. */
  refused: { begins: string; about?: string; says: string }[];
  /** In seconds. */
  now: number;
  asked: string[];
  /** What was to be made. */
  yaml: string[];
}

const now = Date.parse("2026-12-24T03:00:07Z") / 1000;
const own = ({ pod }: Volume, job = "mezo-snapshots-1") => ({
  app: "mezo",
  type: "snapshot",
  network: "staging",
  pod,
  job,
});
/** A snapshot that an earlier job made. */
const earlier = (volume: Volume, stamp: string, ready?: boolean): Snapshot => ({
  name: `${volume.claim}-${stamp}`,
  labels: own(volume, `mezo-snapshots-${stamp}`),
  ...(ready !== undefined && { ready }),
});

/** Runs the script as the pod does. Beside the shell there are kubectl and date alone. */
function run(
  state: Partial<State>,
  { keep = 2, job = "mezo-snapshots-1", by = shell, network: name = network.name } = {},
) {
  const folder = temporary("snapshots");
  const bin = join(folder, "bin");
  mkdirSync(bin);
  const file = join(folder, "state.json");
  const soon = { soon: true };
  const before: State = {
    snapshots: [],
    made: { [rpc.claim]: soon, [validator.claim]: soon },
    refused: [],
    now,
    asked: [],
    yaml: [],
    ...state,
  };
  writeFileSync(file, JSON.stringify(before));
  writeFileSync(`${file}.now`, `${before.now}\n`);
  const programs = {
    kubectl: `exec "${process.execPath}" "${standIn}" "${file}" "$@"`,
    date: `read -r now <"${file}.now"; exec /bin/date -d "@$now" "$@"`,
  };
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  // By its path, because busybox has a date of its own.
  const text = script.replaceAll("$(date ", `$(${bin}/date `);
  const { status, stdout, stderr } = spawnSync(by[0], [...by.slice(1), "-c", text], {
    env: {
      PATH: bin,
      HOME: folder,
      // Not the time of the place where somebody runs the tests.
      TZ: "Asia/Tokyo",
      APP: network.app,
      NETWORK: name,
      VOLUMES: snapshotVolumes(network)
        .map(({ pod, claim }) => `${pod}=${claim}`)
        .join(" "),
      CLASS: snapshotClassName(network),
      KEEP: String(keep),
      JOB: job,
    },
    encoding: "utf8",
  });
  const after: State = JSON.parse(readFileSync(file, "utf8"));
  return { status, stdout, stderr, after, names: after.snapshots.map(({ name }) => name).sort() };
}

describe.each(shells)("with the shell %s", (...by) => {
  test("it makes a snapshot of each volume, named by the time in UTC", () => {
    const { status, stderr, after } = run({}, { by });
    expect([status, stderr]).toEqual([0, ""]);
    expect(after.snapshots).toEqual(
      [rpc, validator].map((volume) => ({
        name: `${volume.claim}-20261224-0300`,
        labels: own(volume),
        claim: volume.claim,
        class: "mezo-staging-snapshots",
        soon: true,
        ready: true,
      })),
    );
    // All are made before it waits for any.
    expect(after.asked.findIndex((words) => words.startsWith("wait"))).toBe(4);
  });

  test("it keeps the newest that can be used, and what is not its own", () => {
    const foreign = [
      { name: `${rpc.claim}-20200101-0300`, labels: {}, ready: true },
      { name: "by-hand", labels: { app: "mezo", pod: rpc.pod }, ready: true },
      { name: "of-local", labels: { ...own(rpc), network: "local" }, ready: true },
      earlier({ pod: "mezo-rpc-node-1", claim: "other" }, "20200101-0300", true),
    ];
    const old = ["20261220-0300", "20261221-0300", "20261222-0300"].map((stamp) => earlier(rpc, stamp, true));
    const { status, names, stdout } = run({ snapshots: [...foreign, ...old] }, { by });
    expect(status).toBe(0);
    expect(names).toEqual(
      [
        ...foreign.map(({ name }) => name),
        `${rpc.claim}-20261222-0300`,
        `${rpc.claim}-20261224-0300`,
        `${validator.claim}-20261224-0300`,
      ].sort(),
    );
    expect(stdout).toContain(`"${rpc.claim}-20261220-0300" deleted`);
  });

  test("where one can't be used nothing of its volume is deleted, the others go on, and the job fails", () => {
    const snapshots = ["20261221-0300", "20261222-0300", "20261223-0300"].flatMap((stamp) => [
      earlier(rpc, stamp, true),
      earlier(validator, stamp, true),
    ]);
    const made = { [rpc.claim]: { error: "quota 'SNAPSHOTS' exceeded" }, [validator.claim]: { soon: true } };
    const { status, stderr, names } = run({ snapshots, made }, { by });
    expect(status).toBe(1);
    expect(stderr).toContain(
      `${rpc.claim}-20261224-0300 can't be used after 1800 seconds, so that nothing of this volume is deleted: quota 'SNAPSHOTS' exceeded\n`,
    );
    const stamps = (volume: Volume) =>
      names.filter((name) => name.startsWith(volume.claim)).map((name) => name.slice(volume.claim.length + 1));
    expect(stamps(rpc)).toEqual(["20261221-0300", "20261222-0300", "20261223-0300", "20261224-0300"]);
    expect(stamps(validator)).toEqual(["20261223-0300", "20261224-0300"]);
  });
});

test("what it makes fits the schemas, whatever the network is called", async () => {
  const { after } = run({});
  expect(after.yaml).toHaveLength(2);
  for (const version of kubernetesVersions) expect(await conform(version, after.yaml.join("---\n"))).toEqual([]);
  const named = run({}, { network: "on" });
  expect(named.after.yaml.map((yaml) => parse(yaml).metadata.labels.network)).toEqual(["on", "on"]);
  for (const yaml of named.after.yaml) expect(await conform("1.37.2", yaml)).toEqual([]);
  // Neither label nor annotation by which Argo CD would know it for its own.
  for (const { metadata } of after.yaml.map((yaml) => parse(yaml))) {
    expect(Object.keys(metadata)).toEqual(["name", "labels"]);
    expect(Object.keys(metadata.labels)).toEqual(["app", "type", "network", "pod", "job"]);
  }
});

test("it waits no longer for many volumes than for one", () => {
  const { status, after } = run({ made: {} });
  expect(status).toBe(1);
  const waits = after.asked.flatMap((words) => /--timeout (\d+)s/.exec(words)?.[1] ?? []);
  expect(waits).toEqual([String(snapshotPatience), "1"]);
});

test("what never could be used goes with the next that can, and what is newer stays", () => {
  const snapshots = [
    earlier(rpc, "20261220-0300"),
    earlier(rpc, "20261221-0300", true),
    earlier(rpc, "20261222-0300", false),
    // As a person's job that runs at the same time.
    earlier(rpc, "20261224-0301"),
  ];
  const { status, names } = run({ snapshots });
  expect(status).toBe(0);
  expect(names.filter((name) => name.startsWith(rpc.claim))).toEqual(
    ["20261221-0300", "20261224-0300", "20261224-0301"].map((stamp) => `${rpc.claim}-${stamp}`),
  );
});

test("a job that runs once more goes on with what it made", () => {
  const first = run({ made: { [rpc.claim]: {}, [validator.claim]: { soon: true } } });
  expect(first.status).toBe(1);
  const [slow] = first.after.snapshots as [Snapshot];
  const snapshots = first.after.snapshots.map((each) => (each === slow ? { ...each, ready: true } : each));
  const second = run({ snapshots, now: first.after.now });
  expect([second.status, second.stderr]).toEqual([0, ""]);
  expect(second.names).toEqual(first.names);
  expect(second.after.asked.filter((words) => words.startsWith("create"))).toEqual([]);
  // Another job makes its own.
  expect(run({ snapshots, now: first.after.now }, { job: "mezo-snapshots-2" }).names).toHaveLength(4);
});

test("another job of the same minute may have made it; what somebody else made under its name is none", () => {
  const name = `${rpc.claim}-20261224-0300`;
  const twice = run({ snapshots: [{ name, labels: own(rpc, "by-hand"), ready: true }] });
  expect(twice.status).toBe(0);
  expect(twice.stdout).toContain(`${name} is there already`);
  const foreign = run({ snapshots: [{ name, labels: {}, ready: true }] });
  expect(foreign.status).toBe(1);
  expect(foreign.stderr).toContain(`no snapshot of ${rpc.claim} could be made\n`);
  expect(foreign.names).toEqual([`${validator.claim}-20261224-0300`, name].sort());
});

test.each([
  ["create", "is forbidden", "could be made", 0],
  ["get volumesnapshots", "can't be listed", "could be made", 0],
  ["delete", "can't delete", "can't be deleted", 5],
])("where the API server refuses %s, its words are there and nothing is lost", (begins, says, message, left) => {
  const snapshots = ["20261221-0300", "20261222-0300", "20261223-0300"].map((stamp) => earlier(rpc, stamp, true));
  const { status, stderr, names } = run({ snapshots, refused: [{ begins, says }] });
  expect(status).toBe(1);
  expect(stderr).toContain(`Error from server (Forbidden): ${says}`);
  expect(stderr).toContain(message);
  expect(names).toEqual(expect.arrayContaining(snapshots.map(({ name }) => name)));
  expect(names).toHaveLength(left || 3);
});

test("where the last list fails nothing is deleted", () => {
  const snapshots = ["20261221-0300", "20261222-0300", "20261223-0300"].map((stamp) => earlier(rpc, stamp, true));
  // The list by the job's own label is the first one.
  const about = `pod=${rpc.pod} --sort-by`;
  const { status, stderr, names } = run({ snapshots, refused: [{ begins: "get volumesnapshots", about, says: "no" }] });
  expect(status).toBe(1);
  expect(stderr).toContain(`what there is of the volume of ${rpc.pod} can't be listed`);
  expect(names).toHaveLength(5);
});

test("run after run the newest that can be used stay, however many fail", () => {
  let snapshots: Snapshot[] = [];
  let time = now;
  const usable: string[] = [];
  for (const isGood of [true, true, false, false, true, false, true, true]) {
    const made = { [rpc.claim]: isGood ? { soon: true } : {}, [validator.claim]: { soon: true } };
    const { after, status } = run({ snapshots, made, now: time }, { job: `job-${time}`, keep: 3 });
    expect(status).toBe(isGood ? 0 : 1);
    snapshots = after.snapshots;
    const mine = snapshots.filter(({ labels }) => labels.pod === rpc.pod);
    const newest = `${rpc.claim}-${new Date(time * 1000).toISOString().replaceAll(/[-:]/g, "").slice(0, 13).replace("T", "-")}`;
    if (isGood) usable.push(newest);
    expect(mine.filter(({ ready }) => ready).map(({ name }) => name)).toEqual(usable.slice(-3));
    if (isGood) expect(mine.filter(({ ready }) => !ready)).toEqual([]);
    time += 24 * 3600;
  }
});
