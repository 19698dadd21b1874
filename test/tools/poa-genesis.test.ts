import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Home } from "tools/mezod/home.ts";
import { bridgedBitcoin, makePoaGenesis, withOwner } from "tools/mezod/poa-genesis.ts";
import { afterEach, beforeEach, expect, test } from "vitest";

/** What `init` of v0.2.0-rc3 writes, as far as it matters here. */
const initial = () => ({
  app_name: "mezod",
  chain_id: "mezo_31611-10",
  app_state: {
    auth: { accounts: [] as string[] },
    bank: { balances: [] as object[], supply: [] as { denom: string; amount: string }[], denom_metadata: [] },
    bridge: { params: {} } as object,
    crisis: { constant_fee: { denom: "stake", amount: "1000" } },
    evm: { accounts: [], params: { evm_denom: "abtc", enable_create: true } },
    poa: { params: { max_validators: 150 }, owner: "", validators: [] as object[] },
    upgrade: {},
  },
  consensus: { params: { abci: { vote_extensions_enable_height: "1" } } },
});

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "poa-genesis-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("a collected genesis gets an owner and one coin for everything, and nothing else of v0.2 changes", () => {
  const before = initial();
  const { app_state, ...rest } = withOwner(before, "mezo1owner");
  expect(app_state).toEqual({
    ...before.app_state,
    crisis: { constant_fee: { denom: "abtc", amount: "1000" } },
    poa: { ...before.app_state.poa, owner: "mezo1owner" },
  });
  expect({ ...rest, app_state: before.app_state }).toEqual(initial());
});

test("later releases get the bridge's token, and the supply that their bridge counts on", () => {
  const genesis = initial();
  genesis.app_state.bank.supply = [{ denom: "abtc", amount: "6000000000000000000000" }];
  genesis.app_state.bridge = { params: {}, source_btc_token: "", initial_btc_supply: "0", erc20_tokens_mappings: [] };
  expect(withOwner(genesis, "mezo1owner").app_state.bridge).toEqual({
    params: {},
    source_btc_token: bridgedBitcoin,
    initial_btc_supply: "6000000000000000000000",
    erc20_tokens_mappings: [],
  });
});

// A stand-in for the commands `genesis …` of the chain's own node, which does with files what that one does. What it is not
// told as that one wants it, it refuses.
const standIn = `#!${process.execPath}
const { appendFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } = require("node:fs");
const [genesis, command, ...words] = process.argv.slice(2);
const home = words[words.indexOf("--home") + 1];
const file = home + "/config/genesis.json";
const edit = (change) => {
  const content = JSON.parse(readFileSync(file, "utf8"));
  change(content.app_state);
  writeFileSync(file, JSON.stringify(content));
};
const want = (isTrue, what) => { if (!isTrue) { console.error(what); process.exit(1); } };
want(genesis === "genesis", "no such command");
const commands = {
  genval([key, flag, ip, ...rest]) {
    want(flag === "--ip" && rest.length === 2, "Usage: genval [key_name] --ip");
    const [password] = readFileSync(0, "utf8").split("\\n");
    want(password === readFileSync(home + "/password", "utf8"), "incorrect passphrase");
    const id = readFileSync(home + "/id", "utf8");
    mkdirSync(home + "/config/genval", { mode: 0o700 });
    const validator = { operator_bech32: key, description: { moniker: home.split("/").at(-1) } };
    writeFileSync(home + "/config/genval/genval-" + id + ".json", JSON.stringify({ validator, memo: id + "@" + ip + ":26656" }));
  },
  "add-account"([address, coins, ...rest]) {
    want(/^\\d+abtc$/.test(coins) && rest.length === 2, "Usage: add-account ADDRESS_OR_KEY_NAME COIN...");
    edit(({ auth, bank }) => {
      auth.accounts.push(address);
      bank.balances.push({ address, coins });
      bank.supply = [{ denom: "abtc", amount: String(BigInt(bank.supply[0]?.amount ?? 0) + BigInt(coins.slice(0, -4))) }];
    });
  },
  "collect-genvals"() {
    const folder = home + "/config/genval/";
    const all = readdirSync(folder).map((name) => JSON.parse(readFileSync(folder + name, "utf8")));
    edit(({ poa }) => { poa.validators = all.map(({ validator }) => validator); });
  },
  validate() {
    const { crisis, poa } = JSON.parse(readFileSync(file, "utf8")).app_state;
    want(poa.owner && crisis.constant_fee.denom === "abtc", "invalid genesis");
  },
};
want(commands[command], "unknown command");
commands[command](words);
appendFileSync(home + "/../calls", command + "\\n");
`;

test("a genesis is collected as the chain's own script does, from the validators' homes", async () => {
  const mezod = join(folder, "mezod.cjs");
  writeFileSync(mezod, standIn);
  chmodSync(mezod, 0o755);
  const home = (name: string, id: string): Home => {
    const path = join(folder, name);
    mkdirSync(join(path, "config"), { recursive: true });
    writeFileSync(join(path, "config/genesis.json"), JSON.stringify(initial()));
    writeFileSync(join(path, "id"), id);
    writeFileSync(join(path, "password"), `of ${name}`);
    return { name, home: path, password: `of ${name}`, address: `mezo1${name}` };
  };
  const [first, second, faucet] = [home("mezo-node-0", "ff"), home("mezo-node-1", "aa"), home("mezo-faucet", "00")];
  const genesis = await makePoaGenesis(mezod, [first, second, faucet], [first, second], (i) => `host-${i}`);
  expect(genesis).toBe(join(first.home, "config/genesis.json"));
  const { app_state } = JSON.parse(readFileSync(genesis, "utf8"));
  // Accounts as they were added; validators in the order of their node ids.
  expect(app_state.auth.accounts).toEqual([first, second, faucet].map(({ address }) => address));
  expect(app_state.bank.supply).toEqual([{ denom: "abtc", amount: "3000000000000000000000" }]);
  expect(app_state.poa.owner).toBe(first.address);
  expect(app_state.poa.validators.map((each: Record<string, string>) => each.operator_bech32)).toEqual([
    "mezo-node-1-key",
    "mezo-node-0-key",
  ]);
  const collected = readdirSync(join(first.home, "config/genval")).map((name) =>
    JSON.parse(readFileSync(join(first.home, "config/genval", name), "utf8")),
  );
  expect(collected.map(({ memo }) => memo)).toEqual(["aa@host-1:26656", "ff@host-0:26656"]);
  expect(readFileSync(join(folder, "calls"), "utf8").trim().split("\n")).toEqual([
    ...["genval", "genval", "add-account", "add-account", "add-account"],
    ...["collect-genvals", "validate"],
  ]);
});
