import { execFileSync, type SpawnSyncOptionsWithStringEncoding, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { composeGenesis } from "generators/mezod/genesis.ts";
import { defineNetwork } from "generators/network/define.ts";
import type { NetworkInput } from "generators/network/schema.ts";
import { toFacts } from "scripts/artifacts/description.ts";
import { readArtifacts } from "scripts/artifacts/read.ts";
import { mezodUnavailable } from "tools/mezod/program.ts";
import { makeTestnet } from "tools/mezod/testnet.ts";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { contents, copyOf, edit, editJson, hashes, leaks, secretsOf, temporary } from "../support/artifacts.ts";
import { checkout, type Ran, run } from "../support/checkout.ts";
import { describeWithMezod } from "../support/describe-with-mezod.ts";
import { local } from "../support/networks.ts";
import { refuses } from "../support/refusal.ts";

const fifo = (path: string) => (folder: string) => {
  rmSync(join(folder, path));
  execFileSync("mkfifo", [join(folder, path)]);
};
const link = (path: string, to: string) => (folder: string) => {
  rmSync(join(folder, path));
  symlinkSync(to, join(folder, path));
};

type Validators = NetworkInput["validators"];

/** Real artifacts of four validators and the faucet, made once; tests break copies of them. */
const good = mkdtempSync(join(tmpdir(), "artifacts-"));
afterAll(() => rmSync(good, { recursive: true, force: true }));

/** Their public facts. */
let facts: Validators;

beforeAll(async () => {
  if (mezodUnavailable) return;
  const host = (index: number) => `mezo-node-${index}.mezo-local.svc.cluster.local`;
  await makeTestnet(good, { validators: 4, chainId: local.chain.id, host });
  facts = toFacts(readArtifacts(good)) as Validators;
});

const declaration = "generators/networks/local.ts";
const validatorsJson = "generators/networks/local/validators.json";
const genesisJson = "generators/networks/local/genesis.json";

/** A checkout whose network `local` takes its genesis from the artifacts. */
function fileNetwork(): string {
  const root = checkout();
  edit(join(root, declaration), (text) => text.replace("genesis: staging.genesis", 'genesis: { kind: "file" }'));
  return root;
}

// As if a person called it in the checkout, without pnpm and, whatever this test's own terminal is, without colours.
const environment = { ...process.env, INIT_CWD: undefined, FORCE_COLOR: "0", LC_ALL: "C" };

function importInto(root: string, args: string[], options: Partial<SpawnSyncOptionsWithStringEncoding> = {}): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, "scripts/import.ts"), "local", ...args], {
    cwd: root,
    env: environment,
    encoding: "utf8",
    ...options,
  });
  return { code: status, stdout, stderr };
}

const read = (root: string, path: string) => readFileSync(join(root, path));

/** Lines as a failed import shows them. */
const findings = (...lines: string[]) => ["nothing was imported", ...lines.map((line) => `  ${line}`)].join("\n");

const remove = (path: string) => (folder: string) => rmSync(join(folder, path), { recursive: true });
const write = (path: string, text: string) => (folder: string) => writeFileSync(join(folder, path), text);
const copy = (from: string, to: string) => (folder: string) => copyFileSync(join(folder, from), join(folder, to));
const change = (path: string, by: (text: string) => string) => (folder: string) => edit(join(folder, path), by);
// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, broken at will.
const changeJson = (path: string, by: (json: any) => void) => (folder: string) => editJson(join(folder, path), by);
const git = (folder: string, ...args: string[]) => spawnSync("git", args, { cwd: folder, encoding: "utf8" });

/** Lays one half of a key over another one's. */
const half = (value: string, other: string, from: number) => {
  const bytes = Buffer.from(value, "base64");
  Buffer.from(other, "base64").copy(bytes, from, from, from + 32);
  return bytes.toString("base64");
};

const nodeKey = "mezo-node-1/config/node_key.json";
const consensusKey = "mezo-node-1/config/priv_validator_key.json";
const clientToml = "mezo-node-1/config/client.toml";
const state = "mezo-node-1/data/priv_validator_state.json";
const keyring = "mezo-node-1/keyring-file";
const address = (index: number) => `${facts[index]?.accountAddress}.address`;

/** Makes the second account a vesting account, whose base account is a level deeper. */
// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, broken at will.
function vesting({ app_state: { auth } }: any): void {
  const { base_account } = auth.accounts[1];
  auth.accounts[1] = {
    "@type": "/cosmos.vesting.v1beta1.ContinuousVestingAccount",
    base_vesting_account: { base_account, original_vesting: [], end_time: "1893456000" },
    start_time: "1735689600",
  };
}

/** Renames a validator's home, and its key's file with it. */
function renameHome(folder: string, from: string, to: string): void {
  renameSync(join(folder, from), join(folder, to));
  renameSync(join(folder, to, `keyring-file/${from}-key.info`), join(folder, to, `keyring-file/${to}-key.info`));
}

const privateKey = (folder: string, path: string) =>
  JSON.parse(readFileSync(join(folder, path), "utf8")).priv_key.value as string;

describeWithMezod("pnpm run import", () => {
  test("the artifacts become the description, and everything follows from it", () => {
    const root = fileNetwork();
    const { code, stdout, stderr } = importInto(root, ["--from", good, "--yes"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^4 validators of mezo_31611-10; other accounts: mezo-faucet\n/);
    expect(stdout).toContain(`changes: ${validatorsJson}, ${genesisJson}\n`);
    expect(JSON.parse(read(root, validatorsJson).toString())).toEqual(facts);
    expect(read(root, genesisJson)).toEqual(readFileSync(join(good, "genesis.json")));
    expect(read(root, "overlays/local/config/genesis.json")).toEqual(readFileSync(join(good, "genesis.json")));
    expect(existsSync(join(root, "overlays/local/mezo-node-4"))).toBe(false);
    expect(run(root, "gen", "--check")).toMatchObject({ code: 0, stderr: "" });
  });

  test("a reserved address stays beside the host that leads to it", () => {
    const root = fileNetwork();
    expect(importInto(root, ["--from", good, "--yes"]).code).toBe(0);
    editJson(join(root, validatorsJson), (all: Validators) => {
      for (const each of all.slice(0, 2)) each.address = `203.0.113.${each.index}`;
      // As if that one had moved since.
      if (all[1]) all[1].host = "old.example.org";
    });
    expect(importInto(root, ["--from", good, "--yes"])).toMatchObject({ code: 0, stderr: "" });
    const [first, ...others] = JSON.parse(read(root, validatorsJson).toString());
    expect(first).toEqual({ ...facts[0], address: "203.0.113.0" });
    expect(others).toEqual(facts.slice(1));
  });

  test("genesis.json is copied byte for byte, whatever its white space and escapes", () => {
    const folder = copyOf(good);
    edit(join(folder, "genesis.json"), (text) =>
      text
        .replaceAll("\n", "\r\n")
        .replace('"moniker": "mezo-node-0"', '"moniker": "Z\u00fcrich \\u00e9 \u{1f600}"')
        .concat(" \n\n"),
    );
    const root = fileNetwork();
    expect(importInto(root, ["--from", folder, "--yes"])).toMatchObject({ code: 0, stderr: "" });
    const genesis = readFileSync(join(folder, "genesis.json"));
    expect(genesis.includes("Z\u00fcrich \\u00e9 \u{1f600}")).toBe(true);
    expect(read(root, genesisJson).equals(genesis)).toBe(true);
    expect(read(root, "overlays/local/config/genesis.json").equals(genesis)).toBe(true);
  });

  test("the index of a validator that has left stays unused", () => {
    const root = fileNetwork();
    edit(join(root, declaration), (text) => text.replace('lifecycle: "new"', 'lifecycle: "started", retired: [1]'));
    const folder = copyOf(good);
    rmSync(join(folder, "mezo-node-1"), { recursive: true });
    edit(join(folder, "seeds.txt"), (text) => text.replace(/^.*mezo-node-1\..*\n/m, ""));
    expect(importInto(root, ["--from", folder, "--yes"])).toMatchObject({ code: 0, stderr: "" });
    const described = JSON.parse(read(root, validatorsJson).toString()) as Validators;
    expect(described.map(({ index }) => index)).toEqual([0, 2, 3]);
    expect(existsSync(join(root, "overlays/local/mezo-node-1"))).toBe(false);
  });

  test("importing again changes nothing and asks no question", () => {
    const root = fileNetwork();
    importInto(root, ["--from", good, "--yes"]);
    const before = hashes(root);
    const { code, stdout } = importInto(root, ["--from", good]);
    expect(code).toBe(0);
    expect(stdout).toContain(
      "the network is already described by these artifacts\nimport: 0 files written, 0 removed\n",
    );
    expect(hashes(root)).toEqual(before);
  });

  test("what differs is shown as a table before it is written", () => {
    const root = fileNetwork();
    importInto(root, ["--from", good, "--yes"]);
    editJson(join(root, validatorsJson), (validators) => {
      validators[1].host = "old.example.org";
      validators.pop();
    });
    expect(importInto(root, ["--from", good, "--yes"]).stdout).toContain(`
VALIDATOR    FACT       FROM             TO
mezo-node-1  host       old.example.org  ${facts[1]?.host}
mezo-node-3  validator                   new
changes: ${validatorsJson}
`);
  });

  test("the faucet is listed as an account, not as a validator", () => {
    const root = fileNetwork();
    expect(importInto(root, ["--from", good, "--yes"]).stdout).toContain("other accounts: mezo-faucet\n");
    expect(read(root, validatorsJson).toString()).not.toContain("faucet");
  });

  test("fewer validators than before: the overlays of the others are removed, and what networks share stays", () => {
    const root = fileNetwork();
    importInto(root, ["--from", good, "--yes"]);
    const folder = copyOf(good);
    rmSync(join(folder, "mezo-node-3"), { recursive: true });
    edit(join(folder, "seeds.txt"), (text) => text.replace(/^.*node-3.*\n/m, ""));
    editJson(join(folder, "genesis.json"), ({ app_state }) => app_state.genutil.gen_txs.splice(3, 1));
    const { code, stdout } = importInto(root, ["--from", folder, "--yes"]);
    expect(code).toBe(0);
    expect(stdout).toContain("mezo-node-3  validator  described  removed\n");
    expect(JSON.parse(read(root, validatorsJson).toString())).toEqual(facts.slice(0, 3));
    expect(existsSync(join(root, "overlays/local/mezo-node-3"))).toBe(false);
    expect(existsSync(join(root, "overlays/staging/mezo-node-3"))).toBe(true);
    expect(run(root, "gen", "--check").code).toBe(0);
  });

  test.each([
    ["missing", (file: string) => rmSync(file)],
    ["cut off", (file: string) => edit(file, (text) => text.slice(0, 300))],
    ["empty", (file: string) => writeFileSync(file, "")],
    ["not a list", (file: string) => writeFileSync(file, '{ "validators": [] }')],
  ])("a validators.json that is %s is replaced", (_fault, breakIt) => {
    const root = fileNetwork();
    breakIt(join(root, validatorsJson));
    expect(importInto(root, ["--from", good, "--yes"])).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(read(root, validatorsJson).toString())).toEqual(facts);
    expect(run(root, "gen", "--check").code).toBe(0);
  });

  test("with a broken validators.json and broken artifacts, only the artifacts' fault is reported", () => {
    const root = fileNetwork();
    writeFileSync(join(root, validatorsJson), "[{");
    const folder = copyOf(good);
    rmSync(join(folder, nodeKey));
    expect(importInto(root, ["--from", folder, "--yes"]).stderr).toBe(`error: ${findings(`${nodeKey}: is missing`)}\n`);
  });

  test("--from is relative to the caller's working directory", () => {
    const root = fileNetwork();
    const [from, parent] = [basename(good), dirname(good)];
    expect(importInto(root, ["--from", from]).stderr).toBe(
      `error: ${from} does not exist: name the folder of the artifacts with --from\n`,
    );
    const called = { ...environment, INIT_CWD: parent };
    expect(importInto(root, ["--from", from, "--yes"], { env: called }).code).toBe(0);
    expect(importInto(root, ["--from", from], { cwd: parent }).stdout).toContain(
      "the network is already described by these artifacts",
    );
  });

  test("the default folder is .public-testnet, which the repository ignores", () => {
    const root = fileNetwork();
    git(root, "init");
    copyFileSync(join(import.meta.dirname, "../../.gitignore"), join(root, ".gitignore"));
    cpSync(good, join(root, ".public-testnet"), { recursive: true });
    expect(importInto(root, ["--yes"])).toMatchObject({ code: 0, stderr: "" });
  });

  test("no terminal to ask on and no --yes: exit 2, nothing written", () => {
    const root = fileNetwork();
    const says = "error: there is no terminal to ask on: pass --yes to write without asking\nUsage: ";
    refuses([root], () => importInto(root, ["--from", good]), { code: 2, says });
  });

  test.each([
    [["nope", "--from", "x"], "error: no network nope; generators/networks declares local, staging"],
    [[], "error: name one network: local, staging"],
    [["local", "staging"], "error: name one network: local, staging"],
    [["local", "--force"], "Unknown option '--force'"],
  ])("%j: exit 2 and the usage", (args, says) => {
    const root = checkout();
    const { stderr } = refuses([root], () => run(root, "import", ...args), { code: 2, says });
    expect(stderr).toContain("Usage: pnpm run import");
  });

  const hasScript = spawnSync("script", ["--version"]).status === 0;

  /** Runs import on a terminal, which util-linux's script makes, and answers its question. */
  async function importOnTerminal(root: string, answer: string): Promise<{ code: number; output: string }> {
    const command = '"$NODE" scripts/import.ts local --from "$ARTIFACTS"';
    const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
      cwd: root,
      env: { ...environment, NODE: process.execPath, ARTIFACTS: good, SHELL: "/bin/sh" },
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    let output = "";
    child.stdout.on("data", (data) => {
      const isAsked = output.includes(asked);
      output += data;
      if (!isAsked && output.includes(asked)) child.stdin.write(answer);
    });
    const [code] = await once(child, "exit");
    return { code, output };
  }

  const asked = "Write this? [y/N] ";

  test.skipIf(!hasScript).each([
    ["y", "y\r", 0, "files written"],
    ["Yes", "Yes\r", 0, "files written"],
    ["n", "n\r", 1, "error: nothing was imported"],
    ["nothing", "\r", 1, "error: nothing was imported"],
    ["the end of input", "\u0004", 1, "error: nothing was imported"],
    ["Ctrl-C", "\u0003", 1, "error: nothing was imported"],
  ])("asked on a terminal and answered %s (needs util-linux's script)", async (_name, answer, expected, message) => {
    const root = fileNetwork();
    const before = hashes(root);
    const { code, output } = await importOnTerminal(root, answer);
    expect(output).toContain(message);
    expect(code).toBe(expected);
    if (expected === 0) expect(run(root, "gen", "--check").code).toBe(0);
    else expect(hashes(root)).toEqual(before);
  });

  /** Artifacts whose genesis is the one that `local` composes for these validators, x/poa and all. */
  function composedArtifacts(): string {
    const folder = copyOf(good);
    const network = defineNetwork({ ...local, validators: facts });
    if (network.genesis.kind !== "composed") throw new Error("local composes its genesis");
    writeFileSync(join(folder, "genesis.json"), JSON.stringify(composeGenesis(network, network.genesis)));
    return folder;
  }

  test("where the composed genesis equals the artifacts', the validators are imported without a genesis.json", () => {
    const root = checkout();
    const { code, stdout, stderr } = importInto(root, ["--from", composedArtifacts(), "--yes"]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`changes: ${validatorsJson}\n`);
    expect(existsSync(join(root, genesisJson))).toBe(false);
    expect(run(root, "gen", "--check").code).toBe(0);
  });

  const differs = (field: string) =>
    `genesis.json: differs at app_state.${field} from the genesis that the network composes: correct the network's genesis, or use this file with genesis: { kind: "file" }`;

  test.each<[fault: string, change: (folder: string) => void, message: string | (() => string[])]>([
    [
      "another balance",
      changeJson("genesis.json", ({ app_state }) => {
        app_state.bank.balances[2].coins[0].amount = "1";
      }),
      'genesis.json: differs at app_state.bank.balances[2].coins[0].amount from the genesis that the network composes: correct the network\'s genesis, or use this file with genesis: { kind: "file" }',
    ],
    [
      "an extra module",
      changeJson("genesis.json", ({ app_state }) => {
        app_state.gov = {};
      }),
      'genesis.json: differs at app_state.gov from the genesis that the network composes: correct the network\'s genesis, or use this file with genesis: { kind: "file" }',
    ],
    ["a missing key, too, so that the genesis is not compared", remove(nodeKey), `${nodeKey}: is missing`],
    [
      "an operator without an account",
      changeJson("genesis.json", ({ app_state }) => app_state.auth.accounts.splice(1, 1)),
      () => [
        `genesis.json: mezo-node-1's operator ${facts[1]?.accountAddress} has no account`,
        differs("auth.accounts[1].base_account.address"),
      ],
    ],
    ["a vesting account", changeJson("genesis.json", vesting), differs("auth.accounts[1].@type")],
    [
      "a validator that it lacks",
      changeJson("genesis.json", ({ app_state }) => app_state.poa.validators.pop()),
      () => {
        const last = facts.toSorted((a, b) => (a.nodeId < b.nodeId ? -1 : 1)).at(-1)?.moniker;
        return [`genesis.json: has no validator with the consensus key of ${last}`, differs("poa.validators[3]")];
      },
    ],
  ])("a composed genesis and %s: refused, nothing written", (_fault, breakIt, message) => {
    const root = checkout();
    const folder = composedArtifacts();
    breakIt(folder);
    const lines = typeof message === "string" ? [message] : message();
    const says = `error: ${findings(...lines)}\n`;
    const { stderr } = refuses([root, folder], () => importInto(root, ["--from", folder, "--yes"]), { says });
    expect(stderr).toBe(says);
  });

  const lose = (index: number) =>
    changeJson("genesis.json", ({ app_state }) => app_state.genutil.gen_txs.splice(index, 1));
  const stranger = changeJson("genesis.json", ({ app_state: { genutil } }) => {
    const more = structuredClone(genutil.gen_txs[1]);
    more.body.messages[0].pubkey.key = Buffer.alloc(32).toString("base64");
    more.body.messages[0].description.moniker = "stranger";
    genutil.gen_txs.push(more);
  });

  test.each<[name: string, lifecycle: string, change: (folder: string) => void]>([
    [
      "an operator has no account",
      "new",
      changeJson("genesis.json", ({ app_state }) => app_state.auth.accounts.splice(1, 1)),
    ],
    ["nobody has an account", "new", changeJson("genesis.json", ({ app_state }) => delete app_state.auth.accounts)],
    ["an operator's account is a vesting account", "new", changeJson("genesis.json", vesting)],
    ["a validator joined after genesis", "started", lose(1)],
    ["a validator joined after genesis, of an adopted network", "adopted", lose(3)],
    ["somebody else's validator is in a genesis of long ago", "started", stranger],
  ])("with a genesis file it is right that %s (%s)", (_name, lifecycle, change) => {
    const root = fileNetwork();
    edit(join(root, declaration), (text) => text.replace('lifecycle: "new"', `lifecycle: "${lifecycle}"`));
    const folder = copyOf(good);
    change(folder);
    expect(importInto(root, ["--from", folder, "--yes"])).toMatchObject({ code: 0, stderr: "" });
    expect(read(root, genesisJson)).toEqual(readFileSync(join(folder, "genesis.json")));
    expect(run(root, "gen", "--check").code).toBe(0);
  });

  test("a genesis of strangers is refused on a chain that has begun, too", () => {
    const root = fileNetwork();
    edit(join(root, declaration), (text) => text.replace('lifecycle: "new"', 'lifecycle: "started"'));
    const folder = copyOf(good);
    changeJson("genesis.json", ({ app_state: { genutil } }) => {
      for (const [i, { body }] of genutil.gen_txs.entries()) {
        body.messages[0].pubkey.key = Buffer.alloc(32, i).toString("base64");
      }
    })(folder);
    const says =
      /^error: nothing was imported\n {2}genesis.json: gives the validators .* 0 of a power of \d+ in app_state.genutil.gen_txs, and they must have more than two thirds; .*\n$/;
    refuses([root, folder], () => importInto(root, ["--from", folder, "--yes"]), { says });
  });

  test.each<[fault: string, change: (folder: string) => void, message: (folder: string) => string]>([
    ["a node key is missing", remove(nodeKey), () => findings(`${nodeKey}: is missing`)],
    ["a node key is a FIFO", fifo(nodeKey), () => findings(`${nodeKey}: is a FIFO, not a file`)],
    ["a node key is a link to nothing", link(nodeKey, "nothing"), () => findings(`${nodeKey}: is missing`)],
    [
      "a node key is a link to a device",
      link(nodeKey, "/dev/zero"),
      () => findings(`${nodeKey}: is a device or socket, not a file`),
    ],
    [
      "a node key has 300 MB",
      (folder) => truncateSync(join(folder, nodeKey), 300e6),
      () => findings(`${nodeKey}: has 286 MiB; the limit is 64 MiB`),
    ],
    [
      "the keyring's keyhash is a FIFO",
      fifo(`${keyring}/keyhash`),
      () => findings(`${keyring}/keyhash: is a FIFO, not a file`),
    ],
    [
      "the keyring's keyhash is a link to nothing",
      link(`${keyring}/keyhash`, "nothing"),
      () => findings(`${keyring}/keyhash: is a link to nothing`),
    ],
    ["a consensus key is missing", remove(consensusKey), () => findings(`${consensusKey}: is missing`)],
    ["a client.toml is missing", remove(clientToml), () => findings(`${clientToml}: is missing`)],
    ["the keyring's keyhash is empty", write(`${keyring}/keyhash`, ""), () => findings(`${keyring}/keyhash: is empty`)],
    [
      "the keyring's key is missing",
      remove(`${keyring}/mezo-node-1-key.info`),
      () => findings(`${keyring}/mezo-node-1-key.info: is missing`),
    ],
    [
      "the keyring's key is empty",
      write(`${keyring}/mezo-node-1-key.info`, ""),
      () => findings(`${keyring}/mezo-node-1-key.info: is empty`),
    ],
    [
      "the keyring names no account",
      (folder) => rmSync(join(folder, keyring, address(1))),
      () => findings(`${keyring}: holds no <account address>.address file; a validator has exactly one account`),
    ],
    [
      "the keyring names two accounts",
      (folder) => copyFileSync(join(folder, "mezo-node-2/keyring-file", address(2)), join(folder, keyring, address(2))),
      () => findings(`${keyring}: holds 2 *.address files; a validator has exactly one account`),
    ],
    [
      "the keyring's account file is empty",
      (folder) => writeFileSync(join(folder, keyring, address(1)), ""),
      () => findings(`${keyring}/${address(1)}: is empty`),
    ],
    [
      "a keyring is missing",
      remove(keyring),
      () =>
        findings(
          `${keyring}/keyhash: is missing`,
          `${keyring}/mezo-node-1-key.info: is missing`,
          `${keyring}: holds no <account address>.address file; a validator has exactly one account`,
        ),
    ],
    [
      "a keyring is a file",
      (folder) => {
        rmSync(join(folder, keyring), { recursive: true });
        writeFileSync(join(folder, keyring), "");
      },
      () =>
        findings(
          `${keyring}/keyhash: is missing`,
          `${keyring}/mezo-node-1-key.info: is missing`,
          `${keyring}: holds no <account address>.address file; a validator has exactly one account`,
        ),
    ],
    [
      "a node key is a folder",
      (folder) => {
        rmSync(join(folder, nodeKey));
        mkdirSync(join(folder, nodeKey));
      },
      () => findings(`${nodeKey}: is a folder, not a file`),
    ],
    ["a node key is cut off", change(nodeKey, (text) => text.slice(0, 80)), () => findings(`${nodeKey}: is not JSON`)],
    [
      "a node key is of another type",
      changeJson(nodeKey, ({ priv_key }) => {
        priv_key.type = "tendermint/PrivKeySecp256k1";
      }),
      () => findings(`${nodeKey}: priv_key is not of type tendermint/PrivKeyEd25519`),
    ],
    [
      "a node key is too short",
      changeJson(nodeKey, ({ priv_key }) => {
        priv_key.value = priv_key.value.slice(0, 84);
      }),
      () => findings(`${nodeKey}: priv_key is not 64 bytes in base64`),
    ],
    [
      "a node key's halves are of two keys",
      (folder) =>
        editJson(join(folder, nodeKey), ({ priv_key }) => {
          priv_key.value = half(priv_key.value, privateKey(folder, "mezo-node-2/config/node_key.json"), 32);
        }),
      () => findings(`${nodeKey}: priv_key's public half does not match its private half`),
    ],
    [
      "a consensus key's private half is another key's",
      (folder) =>
        editJson(join(folder, consensusKey), ({ priv_key }) => {
          priv_key.value = half(priv_key.value, privateKey(folder, "mezo-node-2/config/priv_validator_key.json"), 0);
        }),
      () => findings(`${consensusKey}: priv_key's public half does not match its private half`),
    ],
    [
      "a consensus key's pub_key is another key's",
      changeJson(consensusKey, ({ pub_key }) => {
        pub_key.value = facts[2]?.consensusPubKey;
      }),
      () => findings(`${consensusKey}: pub_key is not the public half of priv_key`),
    ],
    [
      "a consensus key's address is another key's",
      changeJson(consensusKey, (key) => {
        key.address = "0".repeat(40);
      }),
      () => findings(`${consensusKey}: address is not the address of pub_key`),
    ],
    [
      "a client.toml is not TOML",
      write(clientToml, "chain-id = mezo"),
      () => findings(`${clientToml}: is not valid TOML`),
    ],
    [
      "a client.toml is of another chain",
      change(clientToml, (text) => text.replace(local.chain.id, "mezo_31611-1")),
      () => findings(`${clientToml}: chain-id is "mezo_31611-1", but genesis.json is the genesis of mezo_31611-10`),
    ],
    [
      "a client.toml names no chain",
      change(clientToml, (text) => text.replace(/^chain-id/m, "# chain-id")),
      () => findings(`${clientToml}: chain-id is "", but genesis.json is the genesis of mezo_31611-10`),
    ],
    [
      "a key has signed",
      changeJson(state, (json) => {
        json.height = "7";
      }),
      () =>
        findings(
          `${state}: is at height "7", round 0, step 0: this key has signed already; artifacts must be fresh, with all three at 0`,
        ),
    ],
    [
      "a key has signed at height 0",
      changeJson(state, (json) => {
        json.step = 1;
      }),
      () =>
        findings(
          `${state}: is at height "0", round 0, step 1: this key has signed already; artifacts must be fresh, with all three at 0`,
        ),
    ],
    ["a signing state is not JSON", write(state, "{"), () => findings(`${state}: is not a signing state`)],
    ["a signing state has no height", write(state, "{}"), () => findings(`${state}: is not a signing state`)],
    ["seeds.txt is missing", remove("seeds.txt"), () => findings("seeds.txt: is missing")],
    [
      "seeds.txt lacks a validator",
      change("seeds.txt", (text) => text.replace(/^.*node-1.*\n/m, "")),
      () => findings(`seeds.txt: has no line for mezo-node-1, whose node id is ${facts[1]?.nodeId}`),
    ],
    [
      "seeds.txt names an unknown node",
      change("seeds.txt", (text) => `${text}${"a".repeat(40)}@mezo-node-4.example.org:26656\n`),
      () =>
        findings(
          `seeds.txt: names ${"a".repeat(40)}@mezo-node-4.example.org, which is not the node id of any validator`,
        ),
    ],
    [
      "seeds.txt names a validator by another node id",
      change("seeds.txt", (text) => text.replace(/^.*@mezo-node-1/m, `${"a".repeat(40)}@mezo-node-1`)),
      () =>
        findings(
          `seeds.txt: has no line for mezo-node-1, whose node id is ${facts[1]?.nodeId}`,
          `seeds.txt: names ${"a".repeat(40)}@${facts[1]?.host}, which is not the node id of any validator`,
        ),
    ],
    [
      "seeds.txt holds another kind of line",
      change("seeds.txt", (text) => `${text}\npersistent_peers = ""\n`),
      () => findings("seeds.txt: line 6 is not <node id>@<host>:<port>"),
    ],
    [
      "seeds.txt names a host twice",
      change("seeds.txt", (text) => text.replace("@mezo-node-2.", "@mezo-node-1.")),
      () => findings(`seeds.txt: names the host ${facts[1]?.host} twice`),
    ],
    [
      "seeds.txt names a node id twice",
      change("seeds.txt", (text) => `${text}${facts[1]?.nodeId}@mezo-node-4.example.org:26656\n`),
      () => findings(`seeds.txt: names the node id ${facts[1]?.nodeId} twice`),
    ],
    [
      "seeds.txt names another port",
      change("seeds.txt", (text) => text.replace(/(node-1.*):26656/, "$1:36656")),
      () => findings(`seeds.txt: ${facts[1]?.host} listens on 36656, but ports.p2p is 26656`),
    ],
    [
      "seeds.txt names a host that is not a DNS name",
      change("seeds.txt", (text) => text.replace(/@mezo-node-1[^:]*/, "@localhost")),
      () =>
        findings(
          `${declaration}: would not be valid:\n${declaration}:\n  validators[1].host: "localhost" must be a DNS name such as mezo-node-0.test.mezo.org, in lower case`,
        ),
    ],
    [
      "seeds.txt leads a node back to itself",
      change("seeds.txt", (text) => text.replace(/@mezo-node-1[^:]*/, "@127.0.0.1")),
      () =>
        findings(
          `${declaration}: would not be valid:\n${declaration}:\n  validators[1].host: "127.0.0.1" leads every node back to itself; it must lead others to this one (seeds.txt, where it is imported)`,
        ),
    ],
    [
      "two validators have one node key",
      copy("mezo-node-0/config/node_key.json", nodeKey),
      () =>
        findings(
          `${nodeKey}: has the same node id as mezo-node-0`,
          `seeds.txt: names ${facts[1]?.nodeId}@${facts[1]?.host}, which is not the node id of any validator`,
        ),
    ],
    [
      "two validators have one consensus key",
      copy("mezo-node-0/config/priv_validator_key.json", consensusKey),
      () =>
        findings(
          `${consensusKey}: has the same consensus key as mezo-node-0`,
          `genesis.json: mezo-node-1's operator is ${facts[0]?.accountAddress}, but its keyring holds ${facts[1]?.accountAddress}`,
          'genesis.json: has a validator that is not in the artifacts: "mezo-node-1"',
        ),
    ],
    [
      "two validators have one account",
      (folder) => renameSync(join(folder, keyring, address(1)), join(folder, keyring, address(0))),
      () =>
        findings(
          `${keyring}: has the same account as mezo-node-0`,
          `genesis.json: mezo-node-1's operator is ${facts[1]?.accountAddress}, but its keyring holds ${facts[0]?.accountAddress}`,
        ),
    ],
    ["genesis.json is missing", remove("genesis.json"), () => findings("genesis.json: is missing")],
    ["genesis.json is not JSON", write("genesis.json", "{"), () => findings("genesis.json: is not a genesis")],
    [
      "genesis.json is not a genesis",
      write("genesis.json", "{}"),
      () => findings("genesis.json: is not a genesis: chain_id: is missing"),
    ],
    [
      "genesis.json has a chain id alone",
      write("genesis.json", JSON.stringify({ chain_id: local.chain.id })),
      () => findings("genesis.json: is not a genesis: app_state: is missing"),
    ],
    [
      "genesis.json is over 1 MiB",
      (folder) =>
        writeFileSync(
          join(folder, "genesis.json"),
          readFileSync(join(folder, "genesis.json"), "utf8").padEnd(2 ** 20 + 1),
        ),
      () => findings("genesis.json: is 1048577 bytes long; a ConfigMap holds at most 1048576 (1 MiB)"),
    ],
    [
      "genesis.json is not UTF-8",
      (folder) => {
        const file = join(folder, "genesis.json");
        writeFileSync(
          file,
          readFileSync(file, "latin1").replace('"moniker": "mezo-node-1"', '"moniker": "mezo-nod\xe9-1"'),
          "latin1",
        );
      },
      () => findings("genesis.json: is not UTF-8"),
    ],
    [
      "genesis.json lacks a validator",
      changeJson("genesis.json", ({ app_state }) => app_state.genutil.gen_txs.splice(1, 1)),
      () =>
        findings(
          `genesis.json: has no validator with the consensus key of mezo-node-1, ${facts[1]?.consensusPubKey}, in app_state.genutil.gen_txs; take the genesis that was made with that validator (one that joins later is described once lifecycle is "started")`,
        ),
    ],
    [
      "genesis.json has a validator twice",
      changeJson("genesis.json", ({ app_state: { genutil } }) => genutil.gen_txs.push(genutil.gen_txs[1])),
      () =>
        findings(
          `genesis.json: has the consensus key ${facts[1]?.consensusPubKey} twice, in app_state.genutil.gen_txs[1] and app_state.genutil.gen_txs[4]; remove one of them`,
        ),
    ],
    [
      "genesis.json has a validator that is not here",
      stranger,
      () => findings('genesis.json: has a validator that is not in the artifacts: "stranger"'),
    ],
    [
      "an operator is another account",
      changeJson("genesis.json", ({ app_state: { genutil } }) => {
        const [first, second] = genutil.gen_txs;
        second.body.messages[0].validator_address = first.body.messages[0].validator_address;
      }),
      () =>
        findings(
          `genesis.json: mezo-node-1's operator is ${facts[0]?.accountAddress}, but its keyring holds ${facts[1]?.accountAddress}`,
        ),
    ],
    [
      "genesis.json is of another chain",
      changeJson("genesis.json", (genesis) => {
        genesis.chain_id = "mezo_31611-1";
      }),
      () =>
        findings(
          ...facts.map(
            ({ moniker }) =>
              `${moniker}/config/client.toml: chain-id is "mezo_31611-10", but genesis.json is the genesis of mezo_31611-1`,
          ),
          "genesis.json: is the genesis of mezo_31611-1, but the network's chain.id is mezo_31611-10",
        ),
    ],
    [
      "everything is of another chain",
      (folder) => {
        for (const { moniker } of facts)
          edit(join(folder, moniker, "config/client.toml"), (text) => text.replace(local.chain.id, "mezo_31611-1"));
        edit(join(folder, "genesis.json"), (text) => text.replace(local.chain.id, "mezo_31611-1"));
      },
      () => findings("genesis.json: is the genesis of mezo_31611-1, but the network's chain.id is mezo_31611-10"),
    ],
    [
      "an index is skipped",
      (folder) => renameHome(folder, "mezo-node-3", "mezo-node-4"),
      () =>
        findings(
          `${declaration}: would not be valid:\n${declaration}:\n  validators[3].index: 4 must be 3: indexes count from 0, with gaps only for validators in \`retired\``,
        ),
    ],
    [
      "two validators have one index",
      (folder) => renameHome(folder, "mezo-node-1", "acme-node-0"),
      () => findings("mezo-node-0: has the same index as acme-node-0"),
    ],
    [
      "a validator is another network's",
      (folder) => renameHome(folder, "mezo-node-1", "acme-node-1"),
      () =>
        findings(
          `${declaration}: would not be valid:\n${declaration}:\n  validators[1].moniker: "acme-node-1" must be mezo-node-1, the name of its objects and key files`,
        ),
    ],
    [
      "there is an unknown folder",
      (folder) => mkdirSync(join(folder, "backup")),
      () =>
        findings(
          "backup: is neither a validator, whose name ends in -node-<index>, nor an account, which has a keyring-file folder",
        ),
    ],
    [
      "there is no validator",
      (folder) => {
        for (const { moniker } of facts) rmSync(join(folder, moniker), { recursive: true });
      },
      () => findings("the folder holds no validator; expected folders such as mezo-node-0"),
    ],
    [
      "the folder is missing",
      (folder) => rmSync(folder, { recursive: true }),
      (folder) => `${folder} does not exist: name the folder of the artifacts with --from`,
    ],
    [
      "the folder is a file",
      (folder) => {
        rmSync(folder, { recursive: true });
        writeFileSync(folder, "");
      },
      (folder) => `${folder} is not a folder: name the folder of the artifacts with --from`,
    ],
    [
      "git tracks a file of it",
      (folder) => {
        git(folder, "init");
        writeFileSync(join(folder, ".gitignore"), "*\n");
        git(folder, "add", "--force", "seeds.txt");
      },
      (folder) => `git tracks files in ${folder}: secrets must never be in a repository`,
    ],
    [
      "a git work tree does not ignore it",
      (folder) => void git(folder, "init"),
      (folder) => `${folder} is in a git work tree that does not ignore it: add it to .gitignore, or move it elsewhere`,
    ],
    [
      "git can't tell",
      (folder) => writeFileSync(join(folder, ".git"), `gitdir: ${folder}/gone`),
      (folder) => `git can't tell whether it would commit ${folder}: fatal: not a git repository: ${folder}/gone`,
    ],
  ])("%s: exit 1, the message, no stack, nothing written", (_fault, breakIt, message) => {
    const root = fileNetwork();
    const folder = copyOf(good);
    breakIt(folder);
    const says = `error: ${message(folder)}\n`;
    const ran = refuses([root], () => importInto(root, ["--from", folder, "--yes"]), { says });
    expect(ran).toMatchObject({ stdout: "", stderr: says });
  });

  test("three faults in three files give three lines", () => {
    const root = fileNetwork();
    const folder = copyOf(good);
    rmSync(join(folder, "mezo-node-0/config/node_key.json"));
    writeFileSync(join(folder, keyring, "keyhash"), "");
    edit(join(folder, "seeds.txt"), (text) => text.replace(/(node-2.*):26656/, "$1:1"));
    expect(importInto(root, ["--from", folder, "--yes"]).stderr).toBe(
      `error: ${findings(
        "mezo-node-0/config/node_key.json: is missing",
        `${keyring}/keyhash: is empty`,
        `seeds.txt: ${facts[2]?.host} listens on 1, but ports.p2p is 26656`,
      )}\n`,
    );
  });

  test("a signing state may be absent, because the node makes one", () => {
    const folder = copyOf(good);
    rmSync(join(folder, state));
    expect(importInto(fileNetwork(), ["--from", folder, "--yes"])).toMatchObject({ code: 0, stderr: "" });
  });

  test("key files that every user may read cause a warning, and are imported", () => {
    const folder = copyOf(good);
    const exposed = [nodeKey, "mezo-node-2/mnemonic.txt", "mezo-faucet/keyring-file/mezo-faucet-key.info"];
    for (const file of exposed) chmodSync(join(folder, file), 0o644);
    // A group may read what it is given.
    chmodSync(join(folder, consensusKey), 0o640);
    const { code, stderr } = importInto(fileNetwork(), ["--from", folder, "--yes"]);
    expect(code).toBe(0);
    expect(stderr).toBe(
      exposed
        .map((file) => `warning ${file} can be read by every user of this machine; run chmod o-r on it\n`)
        .join(""),
    );
  });

  test("mnemonics and passwords are not read, so folders in their place do no harm", () => {
    const folder = copyOf(good);
    for (const home of [...facts.map(({ moniker }) => moniker), "mezo-faucet"]) {
      for (const file of ["mnemonic.txt", "keyring_password.txt"]) {
        rmSync(join(folder, home, file));
        mkdirSync(join(folder, home, file));
      }
    }
    expect(importInto(fileNetwork(), ["--from", folder, "--yes"])).toMatchObject({ code: 0, stderr: "" });
  });

  test.each<[string, (folder: string) => void, code: number]>([
    ["good artifacts", () => {}, 0],
    ["a node key cut off", change(nodeKey, (text) => text.slice(0, -2)), 1],
    ["a node key with text around", change(nodeKey, (text) => `key: ${text}`), 1],
    ["a consensus key of another type", change(consensusKey, (text) => text.replace("PrivKeyEd25519", "Priv")), 1],
    [
      "a consensus key too long",
      change(consensusKey, (text) => text.replace(/("value": "[^"]*)"\s*}\s*}$/, '$1AAAA"}}')),
      1,
    ],
    ["a consensus key as node key", copy(consensusKey, nodeKey), 1],
    ["a node key as consensus key", copy(nodeKey, consensusKey), 1],
    ["a mnemonic as node key", copy("mezo-node-1/mnemonic.txt", nodeKey), 1],
    ["a node key as client.toml", copy(nodeKey, clientToml), 1],
    ["a password as client.toml", copy("mezo-node-1/keyring_password.txt", clientToml), 1],
    ["a node key as signing state", copy(nodeKey, state), 1],
    ["a mnemonic as seeds.txt", copy("mezo-node-1/mnemonic.txt", "seeds.txt"), 1],
    ["a consensus key as seeds.txt", copy(consensusKey, "seeds.txt"), 1],
    ["a consensus key as genesis.json", copy(consensusKey, "genesis.json"), 1],
  ])("no secret leaves %s", (_name, breakIt, expected) => {
    const secrets = secretsOf(good);
    const [root, folder, temp, home] = [fileNetwork(), copyOf(good), temporary("temp"), temporary("home")];
    breakIt(folder);
    const env = { ...environment, TMPDIR: temp, HOME: home };
    const { code, stdout, stderr } = importInto(root, ["--from", folder, "--yes"], { env });
    expect(code).toBe(expected);
    const written = [root, temp, home].flatMap((place) => [...contents(place).values()]);
    expect(leaks(secrets, Buffer.concat([...written, Buffer.from(stdout), Buffer.from(stderr)]))).toEqual([]);
  });

  test("the search for secrets finds each of them, whole or in part", () => {
    const secrets = secretsOf(good);
    // Two keys in four forms of four validators; of five homes mnemonic, password, and three files of the keyring.
    expect(secrets.size).toBe(2 * 4 * 4 + 5 * (2 + 3));
    for (const [name, secret] of secrets) {
      const part = secret.subarray(0, 31);
      expect(leaks(secrets, Buffer.concat([Buffer.from("x"), part, Buffer.from("x")])), name).toContain(name);
    }
    const key = readFileSync(join(good, nodeKey));
    expect(leaks(secrets, key)).toEqual([`${nodeKey}, base64`]);
    expect(leaks(secrets, readFileSync(join(good, "genesis.json")))).toEqual([]);
  });
});
