import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleeping } from "node:timers/promises";
import { launch } from "generators/components/scripts/launch.ts";
import { endNode, liveness } from "generators/components/scripts/liveness.ts";
import { preflight } from "generators/components/scripts/preflight.ts";
import { signedHeightFolder } from "generators/components/scripts/signed-height.ts";
import { nextFolder } from "generators/components/scripts/upgrade-plan.ts";
import { sleep } from "generators/components/validator/maintenance.ts";
import { nodeHome } from "generators/network/names.ts";
import { describe, expect, onTestFinished, test } from "vitest";
import { local } from "../../../support/networks.ts";
import { planned } from "../../../support/releases.ts";

// What x/upgrade writes: time is always there, and info may hold anything.
const written = (name: string, height: number, info = `'{"binaries":{"name":"x","height":7}}'`) =>
  JSON.stringify({ name, time: "0001-01-01T00:00:00Z", height, info });

const plan = { UPGRADE_NAME: "v0.3.0", UPGRADE_HEIGHT: "1093501" };
// Both releases share an ethereum-sidecar; the next one has its own.
const sharing = planned("v0.2.0-rc3", { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" });
const leaving = planned("v3.0.1", { name: "v4.0.0", height: 6_853_500, tag: "v4.0.1" });
const args = ["start", "--home", "/home of the node", "--metrics"];
// What the machine has, and what the chain's images have.
const shells = ["/bin/sh", ...(existsSync("/bin/busybox") ? ["/bin/busybox sh"] : [])];

const sidecarAddress = "MEZOD_ETHEREUM_SIDECAR_CLIENT_SERVER_ADDRESS";

/** A pod's folders, with a program for each release that says which one it is, and its process. */
function pod() {
  const root = mkdtempSync(join(tmpdir(), "pod-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  for (const folder of ["home/data", "tmp", "bin", "next/usr/bin"]) mkdirSync(join(root, folder), { recursive: true });
  for (const [path, release] of [
    ["bin/mezod", "old"],
    ["next/usr/bin/mezod", "new"],
  ] as const) {
    writeFileSync(
      join(root, path),
      `#!/bin/sh\necho "${release} $$ \${GOGC-unset} $*"\n[ ! "\${${sidecarAddress}-}" ] || echo "$${sidecarAddress}" >${root}/sidecar\n`,
    );
    chmodSync(join(root, path), 0o755);
  }
  const write = (text: string) => writeFileSync(join(root, "home/data/upgrade-info.json"), text);
  const env = { PATH: join(root, "bin"), HOME: join(root, "tmp"), ...plan };
  const localized = (script: string) =>
    script.replaceAll(nodeHome, join(root, "home")).replaceAll(`${nextFolder}/`, `${root}/next/`);
  /** Which program the script becomes, and how. */
  const launched = (by = "/bin/sh", network = sharing) => {
    const [shell = "", ...applet] = by.split(" ");
    const words = [...applet, "-c", localized(launch(network)), "launch.sh", ...args];
    const { pid, status, stdout } = spawnSync(shell, words, { env, encoding: "utf8" });
    const [, release, process, gogc, rest] = /^(\w+) (\d+) (\S+) (.*)\n$/.exec(stdout) ?? [];
    return { status, release, isInPlace: Number(process) === pid, gogc, rest };
  };
  return { root, env, write, localized, launched };
}

describe.each(shells)("the launcher in %s", (shell) => {
  test("becomes the old release while there is no file", () => {
    const { launched } = pod();
    const whole = { status: 0, isInPlace: true, gogc: "unset", rest: args.join(" ") };
    expect(launched(shell)).toEqual({ release: "old", ...whole });
  });

  test("becomes the new release once the old one has stopped for the plan", () => {
    const { launched, write } = pod();
    write(written("v0.3.0", 1_093_501));
    expect(launched(shell)).toEqual({
      release: "new",
      status: 0,
      isInPlace: true,
      gogc: "unset",
      rest: args.join(" "),
    });
  });

  test.each<[string, string]>([
    ["an earlier plan", written("v0.2.0", 500_000)],
    ["the plan at another height", written("v0.3.0", 1_093_500)],
    ["another plan at that height", written("v0.3.0-hotfix", 1_093_501)],
    ["a plan whose height begins alike", written("v0.3.0", 10_935_011)],
    ["a plan whose info names this one", written("x", 1, '{"name":"v0.3.0","height":1093501}')],
    ["a file that was cut", written("v0.3.0", 1_093_501).slice(0, 55)],
    ["an empty file", ""],
    ["what is no JSON", "v0.3.0 1093501"],
  ])("becomes the old release beside %s", (_, text) => {
    const { launched, write } = pod();
    write(text);
    expect(launched(shell)).toMatchObject({ release: "old", isInPlace: true });
  });

  test("tells the new release alone that its ethereum-sidecar is in its pod, where the old one shared one", () => {
    const asked = ({ root }: ReturnType<typeof pod>) =>
      existsSync(join(root, "sidecar")) ? readFileSync(join(root, "sidecar"), "utf8") : undefined;
    const before = pod();
    expect(before.launched(shell, leaving)).toMatchObject({ release: "old" });
    expect(asked(before)).toBeUndefined();
    const after = pod();
    after.write(written("v0.3.0", 1_093_501));
    expect(after.launched(shell, leaving)).toMatchObject({ release: "new", rest: args.join(" ") });
    expect(asked(after)).toBe("localhost:7500\n");
    const shared = pod();
    shared.write(written("v0.3.0", 1_093_501));
    expect(shared.launched(shell)).toMatchObject({ release: "new" });
    expect(asked(shared)).toBeUndefined();
  });

  test("does not fall back to the old release where the new one does not run", () => {
    const { root, launched, write } = pod();
    write(written("v0.3.0", 1_093_501));
    rmSync(join(root, "next/usr/bin/mezod"));
    expect(launched(shell).status).toBe(127);
  });
});

describe("the liveness probe", () => {
  /** Runs the probe beside a node that waits for signals; what the probe says, and which signal the node got. */
  async function probe({ root, env, localized }: ReturnType<typeof pod>, mezod = "exit 0") {
    writeFileSync(join(root, "bin/mezod"), `#!/bin/sh\necho "$*" >>${root}/asked\n${mezod}\n`);
    const node = spawn("/bin/cat", { stdio: ["pipe", "ignore", "ignore"] });
    await once(node, "spawn");
    const script = localized(liveness(local)).replace(endNode, endNode.replace(/1$/, String(node.pid)));
    const { status, stderr } = spawnSync("/bin/sh", ["-c", script], { env, encoding: "utf8" });
    await sleeping(100);
    const signal = node.signalCode;
    node.kill("SIGKILL");
    const asked = existsSync(join(root, "asked")) ? readFileSync(join(root, "asked"), "utf8").trim() : undefined;
    return { status, stderr, signal, asked };
  }

  const alive = { status: 0, stderr: "", signal: null, asked: expect.stringMatching(/^status .*--node tcp:/) };

  test("ends the old release, as Kubernetes would, when it has stopped for the plan", async () => {
    const halted = pod();
    halted.launched();
    halted.write(written("v0.3.0", 1_093_501));
    const { status, stderr, signal, asked } = await probe(halted);
    expect({ status, signal, asked }).toEqual({ status: 1, signal: "SIGTERM", asked: undefined });
    expect(stderr).toContain("stopped for the upgrade v0.3.0 at height 1093501");
  });

  test.each<[string, string | undefined]>([
    ["without a file", undefined],
    ["beside the file of an earlier plan", written("v0.2.0", 500_000)],
    ["beside the plan at another height", written("v0.3.0", 1_093_500)],
    ["beside a file that was cut", written("v0.3.0", 1_093_501).slice(0, 40)],
  ])("leaves a node alone that answers, %s", async (_, text) => {
    const running = pod();
    running.launched();
    if (text) running.write(text);
    expect(await probe(running)).toEqual(alive);
  });

  test("leaves the new release alone, beside the file by which it was started", async () => {
    const upgraded = pod();
    upgraded.write(written("v0.3.0", 1_093_501));
    upgraded.launched();
    expect(await probe(upgraded)).toEqual(alive);
  });

  test("fails, and ends nothing, where a node does not answer", async () => {
    const silent = pod();
    silent.launched();
    expect(await probe(silent, "exit 1")).toEqual({ ...alive, status: 1 });
  });

  test("leaves a node alone of which nobody noted what it is", async () => {
    const unknown = pod();
    unknown.write(written("v0.3.0", 1_093_501));
    expect(await probe(unknown)).toEqual(alive);
  });
});

describe("preflight", () => {
  const upgrade = { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" };
  const files = ["config/node_key.json", "config/priv_validator_key.json", "keyring-file/keyhash"];

  /** Starts a validator on a new volume. */
  function started({ root, env, localized }: ReturnType<typeof pod>, network = { ...local, upgrade }) {
    for (const file of [...files, "keyring-file/node-key.info", "keyring-file/a.address"]) {
      mkdirSync(join(root, "home", file, ".."), { recursive: true });
      writeFileSync(join(root, "home", file), "key");
    }
    mkdirSync(join(root, "signed-height"), { recursive: true });
    const script = localized(preflight(network)).replaceAll(signedHeightFolder, join(root, "signed-height"));
    const own = { NODE: "node", POD_NAME: "node-0", VALIDATORS: "", SIGNER: "", CHAIN_ID: "", STILL_SECONDS: "1" };
    const variables = { ...env, ...own, BOOTSTRAP: "genesis", PATH: "" };
    const { status, stderr } = spawnSync("/bin/sh", ["-c", script], { env: variables, encoding: "utf8" });
    return { status, stderr };
  }

  test("lets a pod start in which the next release runs", () => {
    expect(started(pod())).toEqual({ status: 0, stderr: "" });
  });

  test.each<[string, string | undefined]>([
    ["is not there", undefined],
    ["needs what this image has not", "#!/lib/ld-of-another-image.so\n"],
    ["fails", "#!/bin/sh\nexit 1\n"],
  ])("stops a pod, while the chain goes on, in which the next release %s", (_, program) => {
    const wrong = pod();
    const path = join(wrong.root, "next/usr/bin/mezod");
    rmSync(path);
    if (program) writeFileSync(path, program, { mode: 0o755 });
    const { status, stderr } = started(wrong);
    expect(status).toBe(1);
    expect(stderr).toMatch(/^node will not start: .*, the program of the planned upgrade, does not run in this pod\./);
    // Without a plan nobody looks there.
    const { upgrade: _none, ...unplanned } = { ...local, upgrade };
    expect(started(wrong, unplanned as typeof local & { upgrade: typeof upgrade }).status).toBe(0);
  });
});

test.each(shells)("in maintenance a pod waits until it is told to end, in %s", async (by) => {
  const [shell = "", ...applet] = by.split(" ");
  const { root, env } = pod();
  writeFileSync(join(root, "bin/mezod"), `#!/bin/sh\n: >${root}/asked\n`);
  const words = [...applet, "-c", sleep];
  // In a group of its own, because what waits in the background ends with the container alone.
  const waiting = spawn(shell, words, { env, stdio: ["ignore", "pipe", "ignore"], detached: true });
  onTestFinished(() => void process.kill(-(waiting.pid ?? 0), "SIGKILL"));
  const [line] = await once(waiting.stdout, "data");
  expect(String(line)).toContain("no node runs");
  await sleeping(500);
  expect(waiting.exitCode).toBe(null);
  expect(existsSync(join(root, "asked"))).toBe(false);
  waiting.kill("SIGTERM");
  expect(await once(waiting, "exit")).toEqual([0, null]);
});
