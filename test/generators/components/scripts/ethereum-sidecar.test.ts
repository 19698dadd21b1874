import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ethereumSidecar, sidecarFolder } from "generators/components/scripts/ethereum-sidecar.ts";
import { nextFolder, nodeNotes } from "generators/components/scripts/upgrade-plan.ts";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { planned, withRelease } from "../../../support/releases.ts";

// Put together here, so that no file holds what looks like a secret. The backslash is for shells that read it as an escape.
const password = ["hunter", "2", "and more"].join("\\");
const address = `wss://ethereum.example/${"key"}`;

/**
 * Stands in for mezod: it says what it was told, and ends where a file says so. As the Cosmos SDK does, it reads the
 * password anew each time, of the 4096 bytes that one read gives it at most.
 */
const mezod = `#!/bin/sh
[ "$1" != version ] || exec sleep 0.1
printf '%s\\n' "$*" >"$TRIED/args"
sleep 0.3
for each in 1 2 3 4; do
  dd bs=4096 count=1 2>"$TRIED/dd" | { IFS= read -r one; printf '%s\\n' "$one"; }
done >"$TRIED/passwords"
env >"$TRIED/env"
echo "$0" >>"$TRIED/starts"
[ ! -e "$TRIED/fail" ] || exit 2
trap 'echo stopped >"$TRIED/stopped"; exit 0' TERM
# It ends with the test's folder, also where the test itself was killed.
while [ -e "$TRIED" ]; do sleep 0.1; done
`;

// The image's shell is busybox's; the cluster on this machine has dash.
describe.each([["dash"], ["busybox", "sh"]])("in %s", (...shell) => {
  const isThere = ["/bin", "/usr/bin"].some((folder) => existsSync(join(folder, shell[0] ?? "")));
  let folder: string;
  let script: ChildProcess;
  let ended: Promise<number | null>;
  let log = "";

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "sidecar-"));
    log = "";
    for (const name of ["bin", "sidecar", "tried", "home", "node", "next/usr/bin"]) {
      mkdirSync(join(folder, name), { recursive: true });
    }
    for (const program of ["bin/mezod", "next/usr/bin/mezod"]) {
      writeFileSync(join(folder, program), mezod);
      chmodSync(join(folder, program), 0o755);
    }
  });
  afterEach(() => {
    // The whole group: what the shell has started would outlive it.
    if (script?.pid) killGroup(script.pid);
    rmSync(folder, { recursive: true, force: true });
  });

  const put = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const tried = (file: string) => {
    const path = join(folder, "tried", file);
    return existsSync(path) ? readFileSync(path, "utf8") : "";
  };
  const until = (holds: () => boolean) => expect.poll(holds, { timeout: 20_000, interval: 50 }).toBe(true);

  function start(network = withRelease("v4.0.1")): void {
    const text = ethereumSidecar(network)
      .replaceAll(sidecarFolder, join(folder, "sidecar"))
      .replaceAll(` ${nodeNotes}/`, ` ${join(folder, "node")}/`)
      .replace("now + 10", "now + 1")
      .replace("pause 5", "pause 1");
    put("script.sh", text);
    const [program = "", ...args] = [...shell, join(folder, "script.sh")];
    script = spawn(program, args, {
      detached: true,
      env: {
        PATH: `${join(folder, "bin")}:/usr/bin:/bin`,
        HOME: join(folder, "home"),
        KEY_NAME: "mezo-node-0-key",
        TRIED: join(folder, "tried"),
      },
    });
    ended = new Promise((resolve) => script.on("close", resolve));
    script.stderr?.on("data", (data) => {
      log += data;
    });
  }

  test.runIf(isThere)("the password goes to standard input alone, as often as it is read", async () => {
    put("sidecar/keyring_password.txt", `${password}\n`);
    put("sidecar/ethereum-node-address", address);
    start();
    await until(() => tried("starts") !== "");
    expect(tried("passwords")).toBe(`${password}\n`.repeat(4));
    expect(tried("args")).toBe(
      `ethereum-sidecar --ethereum-sidecar.server.address 127.0.0.1:7500 --ethereum-sidecar.server.network sepolia --ethereum-sidecar.server.assets-unlocked-endpoint 127.0.0.1:9090 --keyring-backend file --keyring-dir /mnt/.mezod --key-name mezo-node-0-key --ethereum-sidecar.server.ethereum-node-address ${address}\n`,
    );
    expect(tried("env")).not.toContain("hunter");
    expect(tried("env")).not.toContain("GOGC");
  });

  test.runIf(isThere)("what is not sealed yet is waited for", async () => {
    start();
    await until(() => log.includes("waits for") && log.includes("keyring_password.txt"));
    put("sidecar/keyring_password.txt", password);
    await until(() => log.includes("ethereum-node-address: seal"));
    expect(tried("starts")).toBe("");
    put("sidecar/ethereum-node-address", address);
    await until(() => tried("starts") !== "");
  });

  test.runIf(isThere)("a sidecar that ends is started again, and the shell stays", async () => {
    put("sidecar/keyring_password.txt", password);
    put("sidecar/ethereum-node-address", address);
    put("tried/fail", "");
    start();
    await until(() => tried("starts").split("\n").length > 3);
    expect(log).toContain("the ethereum-sidecar ended with exit code 2; the validator signs on");
    expect(script.exitCode).toBeNull();
  });

  test.runIf(isThere)("SIGTERM stops the sidecar, and then the shell", async () => {
    put("sidecar/keyring_password.txt", password);
    put("sidecar/ethereum-node-address", address);
    start();
    await until(() => tried("starts") !== "");
    script.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(tried("stopped")).toBe("stopped\n");
  });

  const started = () => tried("starts").replaceAll(`${folder}/`, "").trim().split("\n");
  const seal = () => {
    put("sidecar/keyring_password.txt", password);
    put("sidecar/ethereum-node-address", address);
  };

  test.runIf(isThere)("with an upgrade planned, the sidecar is of the release that the node is", async () => {
    seal();
    start(planned("v4.0.1", { name: "v5.0.0", height: 8_838_000, tag: "v5.0.0" }));
    await until(() => log.includes("starts once it runs"));
    expect(tried("starts")).toBe("");
    put("node/program", "mezod\n");
    await until(() => tried("starts") !== "");
    expect(started()).toEqual(["bin/mezod"]);
    put("node/program", `${join(folder, nextFolder)}/usr/bin/mezod\n`);
    await until(() => started().length === 2);
    expect(tried("stopped")).toBe("stopped\n");
    expect(started()).toEqual(["bin/mezod", "next/usr/bin/mezod"]);
    expect(tried("passwords")).toBe(`${password}\n`.repeat(4));
    rmSync(join(folder, "tried/stopped"));
    script.kill("SIGTERM");
    expect(await ended).toBe(0);
    expect(tried("stopped")).toBe("stopped\n");
  });

  test.runIf(isThere)("with an upgrade planned that brings own sidecars, none runs before it", async () => {
    seal();
    start(planned("v3.0.1", { name: "v4.0.0", height: 6_853_500, tag: "v4.0.1" }));
    put("node/program", "mezod\n");
    await until(() => log.includes("starts with the planned one"));
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(tried("starts")).toBe("");
    put("node/program", `${join(folder, nextFolder)}/usr/bin/mezod\n`);
    await until(() => tried("starts") !== "");
    expect(started()).toEqual(["next/usr/bin/mezod"]);
  });

  test.runIf(isThere)("SIGTERM ends a shell that waits", async () => {
    start();
    await until(() => log.includes("waits for"));
    script.kill("SIGTERM");
    expect(await ended).toBe(0);
  });
});

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // All of it has ended.
  }
}
