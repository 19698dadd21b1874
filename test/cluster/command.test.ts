import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { cachePath } from "tools/cache.ts";
import { linkModules } from "tools/cluster/link-modules.ts";
import type { State } from "tools/cluster/state.ts";
import { eventually } from "tools/cluster/wait.ts";
import { afterEach, beforeEach, expect } from "vitest";
import { describe, test } from "../support/cluster/own-cluster.ts";

const root = resolve(import.meta.dirname, "../..");

/** Where the command's processes have their temporary files; named in the environment of each, so it finds them, too. */
let temporary: string;
/** A cache with what is built, and no cluster noted. */
let cache: string;
/** Ends the cluster when the test does, however that ends: its standard input is cut then. */
let guard: ChildProcess;

beforeEach(() => {
  names.clear();
  temporary = mkdtempSync(join(tmpdir(), "command-"));
  cache = mkdtempSync(join(tmpdir(), "cache-"));
  mkdirSync(join(cache, "mezo-staging"));
  for (const built of ["tools", "crds"]) symlinkSync(cachePath(built), join(cache, "mezo-staging", built));
  const script = 'read -r _; "$0" scripts/cluster.ts down; rm -rf "$@"';
  guard = spawn("sh", ["-c", script, process.execPath, temporary, cache], {
    cwd: root,
    env: environment(),
    detached: true,
    stdio: ["pipe", "ignore", "ignore"],
  });
});
afterEach(async () => {
  const ended = once(guard, "exit");
  guard.stdin?.end();
  await ended;
});

const environment = () => ({ ...process.env, XDG_CACHE_HOME: cache, TMPDIR: temporary });

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the command as a shell does, in a group of its own. It does not outlive this process. */
function start(args: string[], more: NodeJS.ProcessEnv = {}): { child: ChildProcess; ended: Promise<Ended> } {
  const command = ["--pdeathsig", "KILL", process.execPath, "scripts/cluster.ts", ...args];
  const child = spawn("setpriv", command, {
    cwd: root,
    env: { ...environment(), ...more },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const code = new Promise<number | null>((resolve) => child.on("exit", resolve));
  const ended = Promise.all([code, text(child.stdout), text(child.stderr)]).then(([code, stdout, stderr]) => ({
    code,
    stdout,
    stderr,
  }));
  return { child, ended };
}

const run = (...args: string[]) => start(args).ended.finally(remember);

const stateFile = () => join(cache, "mezo-staging/cluster.json");
const state = (): State => JSON.parse(readFileSync(stateFile(), "utf8"));

/** The names of clusters that a test has had: their nodes' cgroups are called so. */
const names = new Set<string>();
const remember = () => {
  for (const name of readdirSync(temporary)) names.add(name);
};

function cgroups(): string[] {
  const root = "/sys/fs/cgroup";
  const folders = existsSync(root) ? ["", ...readdirSync(root)] : [];
  return folders.flatMap((folder) => [...names].filter((name) => existsSync(join(root, folder, name))));
}

/** What is left of clusters: processes, files, mounts, cgroups, and the note of one. */
function left() {
  const mentions = (file: string) => {
    try {
      return readFileSync(file, "utf8").includes(temporary);
    } catch {
      // Gone meanwhile, or another user's.
      return false;
    }
  };
  const processes = readdirSync("/proc").filter(
    (pid) =>
      /^\d+$/.test(pid) &&
      Number(pid) !== guard.pid &&
      (mentions(`/proc/${pid}/environ`) || mentions(`/proc/${pid}/cmdline`)),
  );
  return {
    processes,
    files: readdirSync(temporary),
    isMounted: mentions("/proc/self/mountinfo"),
    cgroups: cgroups(),
    isNoted: existsSync(stateFile()),
  };
}

const nothing = { processes: [], files: [], isMounted: false, cgroups: [], isNoted: false };

describe("wrong usage ends with 2 and starts nothing", () => {
  test.each([[[]], [["sideways"]], [["up", "now"]], [["up", "down"]], [["up", "--fast"]], [["toString"]]])(
    "%j",
    async (args) => {
      const { code, stdout, stderr } = await run(...args);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toMatch(/^error: .+\nUsage: pnpm cluster up\|down\|status/);
      expect(left()).toEqual(nothing);
    },
  );
});

test("--help explains", async () => {
  expect(await run("--help")).toMatchObject({
    code: 0,
    stdout: expect.stringContaining("no container runs"),
    stderr: "",
  });
});

test("without a cluster, down has nothing to do, and status ends with 1", async () => {
  expect(await run("down")).toMatchObject({ code: 0, stdout: "no cluster is up: nothing to do\n" });
  expect(await run("status")).toMatchObject({ code: 1, stdout: "no cluster is up: pnpm cluster up\n" });
});

test.each([
  ["no C compiler", { CC: "no-such-compiler" }, "needs a C compiler: install gcc"],
  ["an argocd that is none", { ARGOCD: "/no/such/argocd" }, "ARGOCD=/no/such/argocd is not an executable file"],
])("%s: up says so, ends with 1 and starts nothing", async (_, environment, message) => {
  const { code, stdout, stderr } = await start(["up"], environment).ended;
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/^error: .+\n$/);
  expect(stderr).toContain(message);
  expect(left()).toEqual(nothing);
});

describe("a cluster that died is noticed and removed", () => {
  /** A note as of a cluster in a folder, by the number of a process that is alive and no holder. */
  function note(name: string): string {
    const folder = join(temporary, name);
    mkdirSync(folder);
    const place = { folder, address: "127.0.0.1", tunnel: "" };
    writeFileSync(
      stateFile(),
      JSON.stringify({ place, holder: process.pid, hasNode: false, isReady: true } satisfies State),
    );
    return folder;
  }

  test.each(["status", "down"])("by %s", async (command) => {
    note("mezo-cluster-old");
    const { stdout, stderr } = await run(command);
    expect(stdout + stderr).toContain("had died");
    expect(left()).toEqual(nothing);
  });

  test("but no folder that is not a cluster's", async () => {
    const folder = note("somebodys");
    expect(await run("down")).toMatchObject({ code: 0 });
    expect(existsSync(folder)).toBe(true);
  });
});

describe("a cluster", () => {
  const git = (cwd: string, ...args: string[]) =>
    execFileSync("git", args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });

  test("is up, shows what is deployed, takes a push, and is down", async () => {
    const before = git(root, "status", "--porcelain");
    const up = await run("up");
    expect(up, up.stderr).toMatchObject({ code: 0 });
    expect(git(root, "status", "--porcelain")).toBe(before);
    // Plain keys are gone by now.
    const { folder } = state().place;
    const files = readdirSync(join(folder, "tmp"), { recursive: true, encoding: "utf8" });
    expect(
      files.filter((file) => /mnemonic\.txt|_key\.json|keyring_password|keyring-file|^artifacts/.test(file)),
    ).toEqual([]);

    expect(await run("status")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/(\d+) of \1 run\n[\s\S]*Synced, Healthy, at [0-9a-f]{7}\npods +6 of 6 ready\n/),
      stderr: "",
    });
    expect(await run("up")).toMatchObject({ code: 0, stdout: expect.stringMatching(/^It is up already/), stderr: "" });

    // What is printed is what a person pastes.
    const exports = up.stdout.split("\n").filter((line) => line.startsWith("  export "));
    const shell = (command: string) =>
      execFileSync("sh", ["-euc", `${exports.join("\n")}\n${command}`], {
        encoding: "utf8",
        cwd: temporary,
        env: { PATH: process.env.PATH, HOME: temporary },
      });
    expect(exports).toHaveLength(2);
    expect(shell("kubectl get sealedsecrets --namespace mezo-local").match(/ True /g)).toHaveLength(6);
    expect(shell("kubectl get secret mezo-node-0-keystore --namespace mezo-local --output name")).toContain("secret/");
    expect(shell("argocd app get mezo-local")).toMatch(/Sync Status: +Synced to main/);

    const url = /git clone (\S+)/.exec(up.stdout)?.[1] ?? "";
    git(temporary, "clone", "--quiet", url);
    const clone = join(temporary, "mezo-staging");
    linkModules(clone);
    const network = join(clone, "generators/networks/local.ts");
    writeFileSync(network, readFileSync(network, "utf8").replace('"256Mi"', '"300Mi"'));
    execFileSync(process.execPath, ["scripts/gen.ts"], { cwd: clone });
    git(
      clone,
      "-c",
      "user.name=test",
      "-c",
      "user.email=test@example.org",
      "commit",
      "--quiet",
      "--all",
      "--message=More memory",
    );
    git(clone, "push", "--quiet");
    const commit = git(clone, "rev-parse", "HEAD").slice(0, 7);
    const status = await eventually(
      async () => {
        const status = await run("status");
        if (status.code !== 0 || !status.stdout.includes(`at ${commit}`)) throw new Error(status.stdout);
        return status;
      },
      120,
      "the change",
    );
    expect(status.stdout).toContain("Synced, Healthy");
    expect(
      shell(
        "kubectl get pod mezo-node-4-0 --namespace mezo-local --output jsonpath='{.spec.containers[0].resources.requests.memory}'",
      ),
    ).toBe("300Mi");
    rmSync(clone, { recursive: true });
    rmSync(join(temporary, ".kube"), { recursive: true, force: true });

    expect(await run("down")).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^ended \d+ processes, removed /),
    });
    expect(left()).toEqual(nothing);
    expect(await run("down")).toMatchObject({ code: 0, stdout: "no cluster is up: nothing to do\n" });
  }, 400_000);

  test("whose holder is killed is noticed, and leaves nothing", async () => {
    expect(await run("up")).toMatchObject({ code: 0 });
    process.kill(state().holder, "SIGKILL");
    expect(await run("status")).toMatchObject({ code: 1, stderr: expect.stringContaining("a cluster had died") });
    expect(left()).toEqual(nothing);
  });

  test("is started once: a second up while the first is at work ends with 1, and down ends the first", async () => {
    const { child, ended } = start(["up"]);
    await said(child, "starting Argo CD");
    expect(await run("up")).toMatchObject({ code: 1, stderr: "error: another `pnpm cluster up` is at work\n" });
    expect(await run("status")).toMatchObject({ code: 1, stdout: "a `pnpm cluster up` is at work\n" });
    expect(await run("down")).toMatchObject({ code: 0 });
    expect(await ended).toMatchObject({ code: 1, stdout: "" });
    expect(left()).toEqual(nothing);
  });

  /** How a start is interrupted: by Ctrl-C, by nobody's mercy, by a supervisor, by the end of its terminal. */
  type Way = [string, (child: ChildProcess) => void, number | null];
  const ctrlC: Way = ["Ctrl-C", ({ pid = 0 }) => process.kill(-pid, "SIGINT"), 130];
  const kill: Way = ["kill -9", (child) => child.kill("SIGKILL"), null];
  const terminate: Way = ["SIGTERM", (child) => child.kill("SIGTERM"), 143];
  const hangUp: Way = ["SIGHUP", ({ pid = 0 }) => process.kill(-pid, "SIGHUP"), 129];
  const moments = ["starting etcd", "making keys", "starting Argo CD", "pnpm seal", "StatefulSet/mezo-node-1"];
  const interruptions = [
    ...moments.flatMap((moment) => [ctrlC, kill].map((way) => [...way, moment] as const)),
    [...terminate, "making keys"] as const,
    [...hangUp, "pnpm seal"] as const,
  ];

  test.each(interruptions.map(([way, end, code, moment]) => [way, moment, end, code] as const))(
    '%s at "%s" leaves nothing',
    async (_way, moment, end, code) => {
      const { child, ended } = start(["up"]);
      await said(child, moment);
      end(child);
      expect(await ended).toMatchObject({ code, stdout: "" });
      // Killed, it can't wait for what it leaves to the holder.
      if (code === null) await eventually(() => left().processes.length === 0, 30);
      expect(left()).toEqual(nothing);
    },
  );
});

/** Waits until a command says something on its standard error. */
function said(child: ChildProcess, what: string): Promise<void> {
  let all = "";
  return new Promise((resolve, reject) => {
    child.stderr?.on("data", (chunk) => {
      all += chunk;
      if (!all.includes(what)) return;
      remember();
      resolve();
    });
    child.once("exit", () => reject(new Error(`it ended without "${what}":\n${all}`)));
  });
}
