import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { keylessScripts } from "generators/components/scripts/keyless.ts";
import { nodeHome } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import { expect, onTestFinished, test } from "vitest";
import { localWithRpcNodes, rpcNodes, withKeyless } from "../../../support/keyless.ts";
import { shell } from "../../../support/shell.ts";

function home(): string {
  const path = mkdtempSync(join(tmpdir(), "keyless-"));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  for (const folder of ["config", "keyring-file", "data/lost+found", "signer", "tmp", "bin"])
    mkdirSync(join(path, folder), { recursive: true });
  return path;
}

const script = (network: Network, name: string) => String(keylessScripts(network)[name]);

/** Runs preflight as the pod does, with an empty PATH: only the shell's builtins work. */
function preflight(path: string) {
  const text = script(localWithRpcNodes(), "preflight-keyless.sh").replaceAll(nodeHome, path);
  const { status, stderr } = spawnSync("/bin/sh", ["-c", text], {
    env: { PATH: "", HOME: join(path, "tmp"), POD_NAME: "mezo-rpc-node-0" },
    encoding: "utf8",
  });
  return { status, stderr };
}

test("an empty volume, and one of a validator without its keys, may start; the key to come has a state of its own", () => {
  const path = home();
  expect(preflight(path)).toEqual({ status: 0, stderr: "" });
  const state = join(path, "signer/priv_validator_state.json");
  expect(JSON.parse(readFileSync(state, "utf8"))).toEqual({ height: "0", round: 0, step: 0 });
  expect(statSync(state).mode & 0o777).toBe(0o600);
  // A copy of a validator's volume has the signing state of its key, which is neither read nor written.
  const copied = join(path, "data/priv_validator_state.json");
  writeFileSync(copied, '{"height":"42","round":0,"step":3}');
  mkdirSync(join(path, "data/.signed-height"));
  expect(preflight(path)).toEqual({ status: 0, stderr: "" });
  expect(readFileSync(copied, "utf8")).toContain("42");
});

test("the state of a key that the pod has made stays, when its node starts again", () => {
  const path = home();
  writeFileSync(join(path, "signer/priv_validator_state.json"), "made by the node");
  expect(preflight(path).status).toBe(0);
  expect(readFileSync(join(path, "signer/priv_validator_state.json"), "utf8")).toBe("made by the node");
});

test.each([
  "config/priv_validator_key.json",
  "data/priv_validator_key.json",
  "data/config/priv_validator_key.json",
  "data/backup/priv_validator_key.json.bak",
  "data/keyring-file/keyhash",
  "data/old/keyring-test/x.info",
])("with a validator's key at %s it does not start", (file) => {
  const path = home();
  mkdirSync(dirname(join(path, file)), { recursive: true });
  writeFileSync(join(path, file), "key");
  const { status, stderr } = preflight(path);
  expect(status).toBe(1);
  expect(stderr).toMatch(/^mezo-rpc-node-0 will not start: .* is, or holds, the key of a validator/);
  expect(existsSync(join(path, "signer/priv_validator_state.json"))).toBe(false);
});

// What the script that starts a node decides.
const decided = ["MEZOD_PRUNING", "MEZOD_P2P_EXTERNAL_ADDRESS"];

/** Runs that script, with a stand-in of mezod that prints what it is started with: "-" where the script says nothing. */
function start(network: Network, name: string, pod: string, path = home(), variables = decided, more = {}): string {
  const mezod = join(path, "bin/mezod");
  writeFileSync(mezod, `#!/bin/sh\necho "$@ ${variables.map((variable) => `$${variable}`).join(" ")}"\n`);
  chmodSync(mezod, 0o755);
  const unset = Object.fromEntries(variables.map((variable) => [variable, "-"]));
  const text = script(network, name).replaceAll(nodeHome, path);
  const { stdout, stderr } = spawnSync(shell[0], [...shell.slice(1), "-c", text, "sh", "start"], {
    env: { PATH: join(path, "bin"), POD_NAME: pod, ...unset, ...more },
    encoding: "utf8",
  });
  return stdout.trim() + stderr;
}

test("the first RPC nodes keep every state, and the others as the file says", () => {
  const network = withKeyless({ rpcNodes: { ...rpcNodes, replicas: 12, archive: 2 } });
  const started = (index: number) => start(network, "start-rpc-node.sh", `mezo-rpc-node-${index}`);
  expect([0, 1, 2, 10, 11].map(started)).toEqual([
    "start nothing -",
    "start nothing -",
    "start - -",
    "start - -",
    "start - -",
  ]);
  expect(start(withKeyless(), "start-rpc-node.sh", "mezo-rpc-node-0")).toBe("start - -");
});

test("an RPC node has an index of the EVM's transactions from its first block on, or none", () => {
  const started = (folders: string[], more = {}) => {
    const path = home();
    for (const folder of folders) mkdirSync(join(path, "data", folder));
    const variables = ["MEZOD_JSON_RPC_ENABLE_INDEXER"];
    return start(localWithRpcNodes(), "start-rpc-node.sh", "mezo-rpc-node-0", path, variables, more);
  };
  const stateSync = { MEZOD_STATESYNC_ENABLE: "true" };
  // As its file says: from the genesis, again, and on a copy of another RPC node's volume.
  expect(started([])).toBe("start -");
  expect(started(["blockstore.db", "evmindexer.db"])).toBe("start -");
  expect(started(["blockstore.db", "evmindexer.db"], stateSync)).toBe("start -");
  // By state sync, after it, and on a copy of a validator's volume.
  expect(started([], stateSync)).toBe("start false");
  expect(started(["blockstore.db"], stateSync)).toBe("start false");
  expect(started(["blockstore.db"])).toBe("start false");
});

test("each seed says the name that leads to it", () => {
  const started = (index: number) => start(withKeyless(), "start-seed.sh", `mezo-seed-${index}`);
  expect([1, 2].map(started)).toEqual([
    "start - mezo-seed-1.test.mezo.org:26656",
    "start - mezo-seed-2.test.mezo.org:26656",
  ]);
});

/** Runs the readiness probe some times, with a stand-in of mezod that answers what files say: whose height is what. */
function ready(heights: Record<string, string | undefined>[]): (number | null)[] {
  const path = home();
  const mezod = join(path, "bin/mezod");
  writeFileSync(
    mezod,
    `#!/bin/sh
host=\${5#tcp://}
[ -s "${path}/\${host%:*}" ] || exit 1
while IFS= read -r line; do echo "$line"; done <"${path}/\${host%:*}"
`,
  );
  chmodSync(mezod, 0o755);
  const text = script(localWithRpcNodes(), "readiness-follower.sh");
  return heights.map((each) => {
    for (const [host, answer] of Object.entries(each)) {
      const [height, catching = "false"] = (answer ?? "").split(" ");
      const status = `{"node_info":{"network":"mezo_31611-10"},"sync_info":{"latest_block_height":"${height}","catching_up":${catching}},"validator_info":{"voting_power":"0"}}`;
      writeFileSync(join(path, host), answer === undefined ? "" : `${status}\n`);
    }
    const env = { PATH: join(path, "bin"), HOME: join(path, "tmp"), CHAIN_ID: "mezo_31611-10", VALIDATORS: "a b" };
    return spawnSync(shell[0], [...shell.slice(1), "-c", text], { env, encoding: "utf8", timeout: 30_000 }).status;
  });
}

test("an RPC node is ready while it is with the chain, and not before it has caught up", { timeout: 120_000 }, () => {
  const own = "127.0.0.1";
  expect(ready([{ [own]: "100", a: "101", b: "100" }, { [own]: "101" }])).toEqual([0, 0]);
  expect(ready([{ [own]: "50 true", a: "100" }])).toEqual([1]);
  // CometBFT does not say that it lags where it has no other peer.
  expect(ready([{ [own]: "50", a: "100" }])).toEqual([1]);
  expect(ready([{ [own]: undefined, a: "100" }])).toEqual([1]);
  // A chain that stands still is no reason to answer nobody.
  expect(ready([{ [own]: "100", a: "100", b: "100" }, {}, {}])).toEqual([0, 0, 0]);
});
