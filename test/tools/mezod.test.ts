import { type ChildProcess, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, type TomlTable } from "smol-toml";
import { lastLines } from "tools/cluster/process/last-lines.ts";
import { hasPoa } from "tools/mezod/program.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithMezod } from "../support/describe-with-mezod.ts";
import { layOutChain } from "../support/laid-out-chain.ts";
import { type LocalValidator, preflightOf, readiness, start, stop } from "../support/mezod-validator.ts";
import { getOnOwnConnection } from "../support/own-connection.ts";

// Four validators are the fewest that make blocks while one is down.
const count = 4;
const evmChainId = "0x7b7b";

describeWithMezod("a chain of the rendered pods", () => {
  let folder: string;
  let mezod: string;
  let artifacts: string;
  let address: (last: number) => string;
  let validators: LocalValidator[];
  const nodes = new Map<string, ChildProcess>();

  const validator = (i: number) => validators[i] as LocalValidator;
  const launch = (i: number, more: Record<string, string> = {}) =>
    nodes.set(validator(i).name, start(validator(i), mezod, more));
  const end = (i: number) => stop(nodes.get(validator(i).name) as ChildProcess, 120);

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "chain-"));
    ({ mezod, artifacts, validators, address } = await layOutChain(folder, count));
  }, 600_000);

  afterAll(async () => {
    for (const node of nodes.values()) node.kill("SIGKILL");
    if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 10 });
  });

  test("a node that does not run is neither alive nor ready", async () => {
    expect(readiness(validator(0), mezod)).toBe(1);
    await expect(fetch(`http://${validator(0).address}:26657/health`)).rejects.toThrow();
  });

  test("the first node alone, at genesis, passes preflight, starts, and is ready at height 0", async () => {
    expect(preflightOf(validator(0), mezod)).toEqual({ code: 0, stderr: "" });
    launch(0);
    await healthy(validator(0));
    expect(await status(validator(0))).toMatchObject({ catching_up: true, latest_block_height: "0" });
    expect(readiness(validator(0), mezod)).toBe(0);
  });

  test("with all nodes, the chain makes five blocks, and every node has all peers", async () => {
    for (const i of [1, 2, 3]) {
      expect(preflightOf(validator(i), mezod).code).toBe(0);
      launch(i);
    }
    for (const each of validators) await heightOf(each, 5);
    for (const each of validators) {
      expect(readiness(each, mezod)).toBe(0);
      expect(Number((await rpc(each, "net_info")).n_peers), each.name).toBe(count - 1);
    }
  });

  test("what probes and gates ask, which a short way answers, is what the whole program answers", () => {
    const { address, home } = validator(0);
    const at = ["--node", `tcp://${address}:26657`];
    // Flags in front of the command lead past the short way.
    const answers = (...command: string[]) => [
      spawnSync(mezod, [...command, ...at, "--home", home], { encoding: "utf8" }),
      spawnSync(mezod, ["--home", home, ...command, ...at], { encoding: "utf8" }),
    ];
    for (const output of ["json", "text"]) {
      const [short, whole] = answers("query", "block", "--type=height", "2", "--output", output);
      expect(short?.stdout).toContain("last_commit");
      expect([short?.status, short?.stdout]).toEqual([whole?.status, whole?.stdout]);
    }
    const versions = [
      ["version", "--long"],
      ["--home", home, "version", "--long"],
    ].map((command) => spawnSync(mezod, command, { encoding: "utf8" }).stdout);
    expect(versions[0]).toContain("github.com/cosmos/evm");
    expect(versions[0]).toBe(versions[1]);
    const [short, whole] = answers("status", "--output", "json").map(({ stdout }) => JSON.parse(stdout));
    expect(short.node_info).toEqual(whole.node_info);
    expect(shapeOf(short)).toEqual(shapeOf(whole));
    const errors = answers("query", "block", "--type=height", "99999").map(({ status, stderr }) => ({
      status,
      error: /^Error: .*99999 must be less than/m.exec(stderr)?.[0],
    }));
    expect(errors[0]).toEqual({ status: 1, error: expect.any(String) });
    expect(errors[0]).toEqual(errors[1]);
  });

  test("JSON-RPC answers with the chain's id, over HTTP and WebSocket", async () => {
    for (const each of validators) {
      expect(await chainIdAt(each)).toBe(evmChainId);
      expect(await overWebSocket(`ws://${each.address}:8546`, chainIdQuestion)).toMatchObject({ result: evmChainId });
    }
  });

  test("only eth, net and web3 are served", async () => {
    const question = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "rpc_modules", params: [] });
    const headers = { "content-type": "application/json" };
    const answer = await fetch(`http://${validator(0).address}:8545`, { method: "POST", headers, body: question });
    const { result } = (await answer.json()) as { result: object };
    expect(Object.keys(result).sort()).toEqual(["eth", "net", "rpc", "web3"]);
  });

  test("both metrics ports answer", async () => {
    const { address } = validator(0);
    const metrics = await (await fetch(`http://${address}:26660/metrics`)).text();
    expect(metrics).toMatch(/^cometbft_consensus_height\{chain_id="mezo_31611-10"\} \d+$/m);
    // The SDK's own telemetry is there beside CometBFT's; a retention time of 0 would turn it off.
    expect(metrics).toMatch(/^begin_blocker/m);
    expect(await evmMetricsNotZero(validator(0))).toContain("rpc_requests");
  });

  test("without --metrics the EVM's metrics are zero, even where a variable opens their port", async () => {
    const { pod } = validator(0);
    const [{ args, ...container }] = pod.containers;
    const containers = [{ ...container, args: args.filter((each: string) => each !== "--metrics") }];
    expect(await end(0)).toBe(0);
    nodes.set(
      validator(0).name,
      start({ ...validator(0), pod: { ...pod, containers } }, mezod, { MEZOD_METRICS: "true" }),
    );
    await until(validator(0), "answering JSON-RPC", async () => (await chainIdAt(validator(0))) === evmChainId);
    // It names the chain, and counts nothing.
    expect(await evmMetricsNotZero(validator(0))).toEqual(["chain_info"]);
    expect(await end(0)).toBe(0);
    launch(0);
    await until(validator(0), "answering JSON-RPC", async () => (await chainIdAt(validator(0))) === evmChainId);
  });

  test("SIGTERM ends a node cleanly, well within the grace period, and it resumes at its height", async () => {
    const before = Number((await status(validator(3))).latest_block_height);
    expect(await end(3)).toBe(0);
    expect(readiness(validator(3), mezod)).toBe(1);
    expect(preflightOf(validator(3), mezod).code).toBe(0);
    // Without peers, it knows its own height but not the chain's, so it counts as catching up.
    launch(3, {
      MEZOD_P2P_PERSISTENT_PEERS: "",
      MEZOD_P2P_PEX: "false",
      MEZOD_P2P_LADDR: `tcp://${address(200)}:26656`,
    });
    await healthy(validator(3));
    const state = await status(validator(3));
    expect(state.catching_up).toBe(true);
    expect(Number(state.latest_block_height)).toBeGreaterThanOrEqual(before);
    expect((await getOnOwnConnection(`http://${validator(3).address}:26657/status`)).status).toBe(200);
    expect(readiness(validator(3), mezod)).toBe(1);
  });

  test("back among its peers, the node catches up and is ready again", async () => {
    expect(await end(3)).toBe(0);
    launch(3);
    const tip = Number((await status(validator(0))).latest_block_height);
    await heightOf(validator(3), tip + 1);
    expect((await status(validator(3))).catching_up).toBe(false);
    expect(readiness(validator(3), mezod)).toBe(0);
  });

  test("a node writes only to its data folder: the address book is there, and config/ is unchanged", () => {
    const files = [
      "app.toml",
      "client.toml",
      "config.toml",
      "genesis.json",
      "node_key.json",
      "priv_validator_key.json",
    ];
    for (const { home } of validators) {
      expect(readdirSync(join(home, "config")).sort()).toEqual(files);
      expect(readdirSync(join(home, "data"))).toContain("addrbook.json");
    }
  });

  test("a lost signing state stops the pod", async () => {
    expect(await end(3)).toBe(0);
    rmSync(join(validator(3).home, "data/priv_validator_state.json"));
    const { code, stderr } = preflightOf(validator(3), mezod);
    expect(code).toBe(1);
    expect(stderr).toContain("A fresh one could sign a height twice");
  });

  // Keys of the stand-in's own default files that ours leave out, each with the reason.
  const newerKeys: Record<string, string> = {
    "app.toml: evm.cache-preimage": "newer than mezod's EVM; the stand-in's default applies",
    "app.toml: evm.evm-chain-id": "mezod takes it from the chain id; the stand-in's main.go sets it",
    "app.toml: json-rpc.allow-insecure-unlock": "newer than mezod's; it concerns the personal namespace, which is off",
    "app.toml: json-rpc.enable-profiling": "newer than mezod's; it concerns the debug namespace, which is off",
    "app.toml: json-rpc.ws-origins": "newer than mezod's; the stand-in's default applies",
    "client.toml: keyring-default-keyname": "newer than mezod's SDK, and empty: a validator signs no transactions",
  };

  // The chain's own node has those of its release, which ours have, too: the section of the ethereum-sidecar, for one.
  const omittedKeys = hasPoa() ? {} : newerKeys;

  test("every key of mezod's own default files is in ours, or left out for a reason", () => {
    const keys = (table: TomlTable, path: string): string[] =>
      Object.entries(table).flatMap(([key, value]) =>
        typeof value === "object" && !Array.isArray(value) && value !== null
          ? keys(value as TomlTable, `${path}${key}.`)
          : [`${path}${key}`],
      );
    const missing = ["app.toml", "client.toml", "config.toml"].flatMap((file) => {
      const read = (home: string) => keys(parse(readFileSync(join(home, "config", file), "utf8")), `${file}: `);
      const ours = new Set(read(validator(0).home));
      return read(join(artifacts, "mezo-node-0")).filter((key) => !ours.has(key));
    });
    expect(missing.sort()).toEqual(Object.keys(omittedKeys).sort());
  });
});

// biome-ignore lint/suspicious/noExplicitAny: answers of CometBFT's RPC.
type Answer = any;

async function rpc({ address }: LocalValidator, method: string): Promise<Answer> {
  const answer: Answer = JSON.parse((await getOnOwnConnection(`http://${address}:26657/${method}`)).body);
  return answer.result;
}

/** The names of an answer's fields, and their types. */
const shapeOf = (value: unknown): unknown =>
  value !== null && typeof value === "object"
    ? Object.fromEntries(Object.entries(value).map(([name, each]) => [name, shapeOf(each)]))
    : typeof value;

const status = async (validator: LocalValidator) => (await rpc(validator, "status")).sync_info;

const chainIdQuestion = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });

/** The EVM's chain id, by JSON-RPC. */
async function chainIdAt({ address }: LocalValidator): Promise<string> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`http://${address}:8545`, { method: "POST", headers, body: chainIdQuestion });
  return ((await answer.json()) as Answer).result;
}

/** The names of the EVM's metrics that are not zero. */
async function evmMetricsNotZero({ address }: LocalValidator): Promise<string[]> {
  const answer = await fetch(`http://${address}:6065/debug/metrics/prometheus`);
  const samples = (await answer.text()).split("\n").filter((line) => line && !line.startsWith("#"));
  expect(samples.length).toBeGreaterThan(3);
  return samples.filter((line) => !/ 0$/.test(line)).map((line) => line.replace(/ .*/, ""));
}

/** Waits until the startup probe's endpoint answers with success. */
const healthy = (validator: LocalValidator) =>
  until(validator, "healthy", async () => (await fetch(`http://${validator.address}:26657/health`)).ok);

const heightOf = (validator: LocalValidator, height: number) =>
  until(validator, `at height ${height}`, async () => Number((await status(validator)).latest_block_height) >= height);

/** Waits up to a minute and a half for a condition; then throws with the end of the node's log. */
async function until({ name, home }: LocalValidator, what: string, isTrue: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 300; attempt++) {
    if (await isTrue().catch(() => false)) return;
    await sleep(300);
  }
  throw new Error(`${name} is not ${what}:\n${lastLines(join(home, "log"))}`);
}

function overWebSocket(url: string, question: string): Promise<Answer> {
  const socket = new WebSocket(url);
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  socket.onopen = () => socket.send(question);
  socket.onmessage = ({ data }) => resolve(JSON.parse(String(data)));
  socket.onerror = () => reject(new Error(`${url} does not answer`));
  socket.onclose = () => reject(new Error(`${url} closed`));
  return promise.finally(() => socket.close());
}
