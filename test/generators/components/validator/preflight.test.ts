import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { preflight } from "generators/components/validator/preflight.ts";
import { nodeHome } from "generators/network/names.ts";
import { expect, onTestFinished, test } from "vitest";

const state = "data/priv_validator_state.json";
const files = [
  "config/node_key.json",
  "config/priv_validator_key.json",
  "keyring-file/keyhash",
  "keyring-file/mezo-node-0-key.info",
  "keyring-file/0504d82efb7db7a8c05e8df8cea575d8c9f48bb2.address",
];

/** Makes a node's home with all key files and an empty volume. */
function home(): string {
  const path = mkdtempSync(join(tmpdir(), "home-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const folder of ["config", "keyring-file", "data/lost+found"])
    mkdirSync(join(path, folder), { recursive: true });
  for (const file of files) writeFileSync(join(path, file), "key");
  return path;
}

/** Runs the script as the pod does, but with an empty PATH, so that only the shell's builtins work. */
function start(path: string, pod = "mezo-node-0-0") {
  const script = preflight({ app: "mezo" }, 0).replaceAll(nodeHome, path);
  const { status, stderr } = spawnSync("/bin/sh", ["-c", script], {
    env: { PATH: "", POD_NAME: pod },
    encoding: "utf8",
  });
  return { status, stderr };
}

test("a new volume gets a signing state of height 0 that only its owner can read", () => {
  const path = home();
  expect(start(path)).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(readFileSync(join(path, state), "utf8"))).toEqual({ height: "0", round: 0, step: 0 });
  expect(statSync(join(path, state)).mode & 0o777).toBe(0o600);
});

test.each(["mezo-node-0-1", "mezo-node-1-0", ""])("pod %j, which has the same keys, does not start", (pod) => {
  const path = home();
  expect(start(path, pod)).toEqual({
    status: 1,
    stderr: `mezo-node-0 will not start: pod ${pod} would sign with the keys of mezo-node-0-0. Scale back to one replica.\n`,
  });
  expect(existsSync(join(path, state))).toBe(false);
});

test("an existing signing state is left unchanged, with and without a chain beside it", () => {
  const path = home();
  writeFileSync(join(path, state), '{"height":"42"}');
  expect(start(path).status).toBe(0);
  mkdirSync(join(path, "data/blockstore.db"));
  expect(start(path).status).toBe(0);
  expect(readFileSync(join(path, state), "utf8")).toBe('{"height":"42"}');
});

test.each(["application.db", "blockstore.db", "state.db", "cs.wal"])(
  "a pod with a missing or empty signing state beside %s does not start",
  (database) => {
    const path = home();
    mkdirSync(join(path, "data", database));
    expect(start(path).status).toBe(1);
    expect(existsSync(join(path, state))).toBe(false);
    writeFileSync(join(path, state), "");
    const { status, stderr } = start(path);
    expect(status).toBe(1);
    expect(stderr).toContain("mezo-node-0 will not start: priv_validator_state.json is missing or empty beside");
    expect(stderr).toContain(database);
    expect(readFileSync(join(path, state), "utf8")).toBe("");
  },
);

test.each(files)("a pod with a missing or empty %s does not start", (file) => {
  const path = home();
  writeFileSync(join(path, file), "");
  expect(start(path)).toMatchObject({ status: 1 });
  rmSync(join(path, file));
  const { status, stderr } = start(path);
  expect(status).toBe(1);
  expect(stderr).toContain("is missing or empty. Seal the keystore again.");
  expect(existsSync(join(path, state))).toBe(false);
});
