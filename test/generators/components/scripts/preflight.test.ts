import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { preflight } from "generators/components/scripts/preflight.ts";
import { signedHeightFolder } from "generators/components/scripts/signed-height.ts";
import { nodeHome } from "generators/network/names.ts";
import { expect, onTestFinished, test } from "vitest";
import { local } from "../../../support/networks.ts";

const state = "data/priv_validator_state.json";
const files = [
  "config/node_key.json",
  "config/priv_validator_key.json",
  "keyring-file/keyhash",
  "keyring-file/mezo-node-0-key.info",
  "keyring-file/0504d82efb7db7a8c05e8df8cea575d8c9f48bb2.address",
];

/** A node's home with all key files and an empty volume. */
function home(): string {
  const path = mkdtempSync(join(tmpdir(), "home-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const folder of ["config", "keyring-file", "data/lost+found", "signed-height", "tmp"])
    mkdirSync(join(path, folder), { recursive: true });
  for (const file of files) writeFileSync(join(path, file), "key");
  return path;
}

/** Runs the script as the pod does, with an empty PATH: no other validator answers, and only the shell's builtins work. */
function start(path: string, { pod = "mezo-node-0-0", bootstrap = "genesis" } = {}) {
  const script = preflight(local)
    .replaceAll(nodeHome, path)
    .replaceAll(signedHeightFolder, join(path, "signed-height"));
  const { status, stderr } = spawnSync("/bin/sh", ["-c", script], {
    env: {
      PATH: "",
      HOME: join(path, "tmp"),
      NODE: "mezo-node-0",
      POD_NAME: pod,
      VALIDATORS: "",
      SIGNER: "",
      CHAIN_ID: local.chain.id,
      STILL_SECONDS: "1",
      BOOTSTRAP: bootstrap,
    },
    encoding: "utf8",
  });
  return { status, stderr };
}

test("a new volume gets a signing state of height 0, readable by its owner alone", () => {
  const path = home();
  expect(start(path)).toEqual({ status: 0, stderr: "" });
  expect(JSON.parse(readFileSync(join(path, state), "utf8"))).toEqual({ height: "0", round: 0, step: 0 });
  expect(statSync(join(path, state)).mode & 0o777).toBe(0o600);
});

test.each(["mezo-node-0-1", "mezo-node-1-0", ""])("pod %j, which has the same keys, is stopped", (pod) => {
  const path = home();
  expect(start(path, { pod })).toEqual({
    status: 1,
    stderr: `mezo-node-0 will not start: pod ${pod} would sign with the keys of mezo-node-0-0. Scale back to one replica.\n`,
  });
  expect(existsSync(join(path, state))).toBe(false);
});

test.each(['{"height":"42"}', '{\n  "height": "42",\n  "round": 0,\n  "step": 3\n}\n', '{"round":0,"height":42}'])(
  "the signing state %j stays as it is, beside a chain or not",
  (text) => {
    const path = home();
    writeFileSync(join(path, state), text);
    expect(start(path)).toEqual({ status: 0, stderr: "" });
    mkdirSync(join(path, "data/blockstore.db"));
    expect(start(path, { bootstrap: "no" })).toEqual({ status: 0, stderr: "" });
    expect(readFileSync(join(path, state), "utf8")).toBe(text);
    // It is noted where a reset of data/ does not reach.
    expect(readFileSync(join(path, "signed-height/even"), "utf8")).toBe("42\n");
  },
);

test.each(["application.db", "blockstore.db", "state.db", "cs.wal", "data/blockstore.db", "old/cs.wal"])(
  "a missing or empty signing state beside %s stops the pod",
  (database) => {
    const path = home();
    mkdirSync(join(path, "data", database), { recursive: true });
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

const blank = '{"height":"0","round":0,"step":0}';

test.each<[string, (path: string) => void, string]>([
  ["an empty volume", () => {}, "its volume is empty, and its key may have signed"],
  ["a state of height 0", (path) => writeFileSync(join(path, state), blank), "its signing state is at height 0, and"],
  [
    "what a reset leaves, with databases",
    (path) => {
      writeFileSync(join(path, state), blank);
      mkdirSync(join(path, "data/blockstore.db"));
    },
    "its signing state is at height 0 beside",
  ],
])("on a network that has started, %s stops the pod", (_, arrange, message) => {
  const path = home();
  arrange(path);
  const { status, stderr } = start(path, { bootstrap: "no" });
  expect(status).toBe(1);
  expect(stderr).toContain(message);
});

test("a validator that may bootstrap does not while nobody tells it the chain's height", () => {
  const { status, stderr } = start(home(), { bootstrap: "yes" });
  expect(status).toBe(1);
  expect(stderr).toContain("no validator answers");
});

test.each<[string, string, string]>([
  ["older than the mark", '{"height":"41"}', "its signing state is at height 41, and its key has signed height 42"],
  ["blank beside the mark", blank, "its signing state is at height 0, and its key has signed height 42"],
  ["of no height", '{"height":"x"}', "priv_validator_state.json holds no height"],
  ["not JSON", "garbage", "priv_validator_state.json holds no height"],
])("a signing state %s stops the pod", (_, text, message) => {
  const path = home();
  writeFileSync(join(path, "signed-height/even"), "42\n");
  writeFileSync(join(path, "signed-height/odd"), "4");
  writeFileSync(join(path, state), text);
  const { status, stderr } = start(path);
  expect(status).toBe(1);
  expect(stderr).toContain(message);
  expect(readFileSync(join(path, state), "utf8")).toBe(text);
});

test("an empty volume beside the mark stops the pod", () => {
  const path = home();
  writeFileSync(join(path, "signed-height/odd"), "41\n");
  const { status, stderr } = start(path);
  expect(status).toBe(1);
  expect(stderr).toContain("its key has signed height 41");
});

test.each(files)("a missing or empty %s stops the pod", (file) => {
  const path = home();
  writeFileSync(join(path, file), "");
  expect(start(path)).toMatchObject({ status: 1 });
  rmSync(join(path, file));
  const { status, stderr } = start(path);
  expect(status).toBe(1);
  expect(stderr).toContain("is missing or empty. Seal the keystore again.");
  expect(existsSync(join(path, state))).toBe(false);
});
