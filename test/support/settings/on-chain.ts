import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { FileName } from "generators/mezod/files.ts";
import { setAt } from "generators/mezod/settings.ts";
import type { TomlTable, TomlValue } from "generators/mezod/toml.ts";
import { parse, stringify } from "smol-toml";
import type { LoopbackChain } from "../loopback-chain.ts";

/** What the nodes of a chain do that all have a setting from the first block on. */
export type Seen = "blocks and calls" | "no calls" | "no blocks" | "they stop";

// Blocks that are waited for, and the seconds that a node may take to answer at first and between two blocks, which come
// each second without a setting. A machine may be busy with other tests.
const height = 6;
const startSeconds = 90;
const blockSeconds = 30;

/** Starts the chain anew with a setting, and looks what becomes of it. */
export async function seenWith(chain: LoopbackChain, file: FileName, path: string, value: unknown): Promise<Seen> {
  const indexes = chain.validators.map((_, index) => index);
  const restore = indexes.map((index) => layOutAnew(chain, index, file, path, value));
  for (const index of indexes) chain.start(index);
  try {
    let best = -1;
    let deadline = Date.now() + startSeconds * 1000;
    while (Date.now() < deadline) {
      if (indexes.some(chain.ended)) return "they stop";
      const is = await heightOf(chain);
      if (is >= height) return (await answersCalls(chain)) ? "blocks and calls" : "no calls";
      if (is > best) deadline = Date.now() + blockSeconds * 1000;
      best = Math.max(best, is);
      await sleep(300);
    }
    return "no blocks";
  } finally {
    await Promise.all(indexes.map((index) => ended(chain, index)));
    for (const undo of restore) undo();
  }
}

/** Gives a node an empty volume and the setting; returns what takes the setting back. */
function layOutAnew({ validators }: LoopbackChain, index: number, file: FileName, path: string, value: unknown) {
  const validator = validators[index];
  if (!validator) throw new Error(`there is no validator ${index}`);
  const { home, environment } = validator;
  for (const folder of ["data", "signed-height"]) {
    rmSync(join(home, folder), { recursive: true, force: true });
    mkdirSync(join(home, folder));
  }
  writeFileSync(join(home, "data/priv_validator_state.json"), '{"height":"0","round":0,"step":0}');
  const toml = join(home, "config", `${file}.toml`);
  const text = readFileSync(toml, "utf8");
  const table = parse(text) as TomlTable;
  setAt(table, path.split("."), value as TomlValue);
  writeFileSync(toml, stringify(table));
  // The variable would win.
  const variable = `MEZOD_${path.replace(/[.-]/g, "_").toUpperCase()}`;
  const kept = environment[variable];
  delete environment[variable];
  return () => {
    writeFileSync(toml, text);
    if (kept !== undefined) environment[variable] = kept;
  };
}

async function ended(chain: LoopbackChain, index: number): Promise<void> {
  chain.kill(index);
  while (!chain.ended(index)) await sleep(50);
}

const heightOf = (chain: LoopbackChain) =>
  chain.status(0).then(
    ({ sync_info }) => Number(sync_info.latest_block_height),
    () => -1,
  );

const nobody = "0x0000000000000000000000000000000000000001";
const calls = [
  { method: "eth_getBlockByNumber", params: ["latest", false] },
  { method: "eth_call", params: [{ to: nobody, data: "0x" }, "latest"] },
  { method: "eth_estimateGas", params: [{ to: nobody, data: "0x" }] },
];

/** Whether JSON-RPC answers what wallets ask first. It listens some seconds after the first block. */
async function answersCalls(chain: LoopbackChain): Promise<boolean> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const answers = await Promise.all(calls.map((call) => ask(chain, call)));
    if (answers.every(Boolean)) return true;
    await sleep(500);
  }
  return false;
}

async function ask({ validators }: LoopbackChain, call: (typeof calls)[number]): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, ...call });
  const headers = { "content-type": "application/json" };
  try {
    const response = await fetch(`http://${validators[0]?.address}:8545/`, { method: "POST", headers, body });
    const { result } = (await response.json()) as { result?: unknown };
    return result !== undefined && result !== null;
  } catch {
    return false;
  }
}
