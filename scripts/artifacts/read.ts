import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { parse as parseToml } from "smol-toml";
import { type GenesisFacts, genesisFacts } from "./genesis.ts";
import { consensusPubKeyOf, nodeIdOf } from "./keys.ts";

/** Something wrong with a file of the artifacts. */
export interface Finding {
  file: string;
  message: string;
}

/** A validator's home: its public facts, those that could be read. */
export interface Home {
  name: string;
  index: number;
  nodeId?: string;
  consensusPubKey?: string;
  /** Hex. */
  accountAddress?: string;
  chainId?: string;
}

/** A line of seeds.txt. */
export interface Seed {
  nodeId: string;
  host: string;
  port: number;
}

/** What a folder of testnet artifacts says in public. */
export interface Artifacts {
  homes: Home[];
  /** Homes of accounts that are no validators, such as the faucet's. */
  accounts: string[];
  /** Undefined when there is no seeds.txt. */
  seeds?: Seed[];
  genesisText?: string;
  genesis?: GenesisFacts;
  findings: Finding[];
  /** Key files that everybody on this machine may read. */
  exposed: string[];
}

/** A validator's home is named after its node: mezo-node-3. */
const validatorName = /^[a-z][-a-z0-9]*-node-(0|[1-9]\d*)$/;

/** The files of a home that hold secrets. */
const secretFiles = ["config/node_key.json", "config/priv_validator_key.json", "keyring_password.txt", "mnemonic.txt"];

/**
 * Reads the public facts out of a folder of testnet artifacts; a private key is read to prove that its public half
 * belongs to it, a mnemonic or password never. Findings are collected, all of them.
 *
 * @throws when the folder itself can't be read.
 */
export function readArtifacts(folder: string): Artifacts {
  const findings: Finding[] = [];
  const reader = { folder, report: (file: string, message: string) => void findings.push({ file, message }) };
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const [validators, others] = [names.filter(isValidator), names.filter((name) => !isValidator(name))];
  if (validators.length === 0) reader.report("", "holds no validator: expected folders such as mezo-node-0");
  const accounts = others.filter((name) => existsSync(join(folder, name, "keyring-file")));
  for (const name of others.filter((other) => !accounts.includes(other))) {
    reader.report(
      name,
      "is neither a validator (its name would end in -node-<i>) nor an account (it has no keyring-file)",
    );
  }
  const homes = validators.map((name) => readHome(reader, name)).sort((a, b) => a.index - b.index);
  return {
    homes,
    accounts,
    ...readSeeds(reader),
    ...readGenesis(reader),
    findings,
    exposed: [...homes.map(({ name }) => name), ...accounts].flatMap((name) => exposedFiles(folder, name)),
  };
}

interface Reader {
  folder: string;
  report(file: string, message: string): void;
}

const isValidator = (name: string) => validatorName.test(name);

function readHome(reader: Reader, name: string): Home {
  const home: Home = { name, index: Number(validatorName.exec(name)?.[1]) };
  const read = (file: string, use: (text: string) => Partial<Home>) =>
    Object.assign(home, attempt(reader, `${name}/${file}`, use));
  read("config/node_key.json", (text) => ({ nodeId: nodeIdOf(text) }));
  read("config/priv_validator_key.json", (text) => ({ consensusPubKey: consensusPubKeyOf(text) }));
  read("config/client.toml", (text) => ({ chainId: String(parseToml(text)["chain-id"] ?? "") }));
  Object.assign(home, readKeyring(reader, name));
  checkState(reader, name);
  return home;
}

/** The account's address, which names a file of the keyring. */
function readKeyring(reader: Reader, name: string): Partial<Home> {
  const folder = join(reader.folder, name, "keyring-file");
  const files = filesIn(folder);
  const addresses = files.flatMap((file) => /^([0-9a-f]{40})\.address$/.exec(file)?.[1] ?? []);
  for (const file of ["keyhash", `${name}-key.info`, ...addresses.map((address) => `${address}.address`)]) {
    if (!files.includes(file)) reader.report(`${name}/keyring-file/${file}`, "is missing");
    else if (statSync(join(folder, file)).size === 0) reader.report(`${name}/keyring-file/${file}`, "is empty");
  }
  if (addresses.length === 1) return { accountAddress: addresses[0] as string };
  const count = addresses.length === 0 ? "no <account address>.address" : `${addresses.length} *.address files`;
  reader.report(`${name}/keyring-file`, `holds ${count}; a validator has one account`);
  return {};
}

/** A validator whose key has signed already must not start again at height 0. */
function checkState(reader: Reader, name: string): void {
  const file = `${name}/data/priv_validator_state.json`;
  if (!existsSync(join(reader.folder, file))) return;
  attempt(reader, file, (text) => {
    const { height, round = 0, step = 0 } = JSON.parse(text);
    if (height === undefined) throw new Error("no height");
    if ([height, round, step].every((part) => String(part) === "0")) return {};
    const at = `height ${JSON.stringify(height)}, round ${JSON.stringify(round)}, step ${JSON.stringify(step)}`;
    reader.report(file, `is at ${at}: this key has signed; artifacts must be fresh, all zero`);
    return {};
  });
}

// A line that is none is not shown: what stands in the wrong file may be a secret.
const readSeeds = (reader: Reader) =>
  attempt(reader, "seeds.txt", (text) => ({
    seeds: text.split(/\r?\n/).flatMap((line, i) => {
      if (line.trim() === "") return [];
      const [, nodeId, host, port] = /^([0-9a-f]{40})@([^:\s]+):(\d+)$/.exec(line.trim()) ?? [];
      if (nodeId && host && port) return [{ nodeId, host, port: Number(port) }];
      reader.report("seeds.txt", `line ${i + 1} is not <node id>@<host>:<port>`);
      return [];
    }),
  }));

const readGenesis = (reader: Reader) =>
  attempt(reader, "genesis.json", (genesisText) => ({ genesisText, genesis: genesisFacts(genesisText) }));

/** Decodes nothing but UTF-8, so that what is written is what was read, byte for byte. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a file and uses it; what goes wrong is reported without the file's content, which may be secret. */
function attempt<T extends object>({ folder, report }: Reader, file: string, use: (text: string) => T): Partial<T> {
  let text: string;
  try {
    text = utf8.decode(readFileSync(join(folder, file)));
  } catch (error) {
    const { code, syscall } = error as NodeJS.ErrnoException;
    report(file, code === "ENOENT" ? "is missing" : syscall ? `can't be read (${code})` : "is not UTF-8");
    return {};
  }
  try {
    return use(text);
  } catch (error) {
    report(file, error instanceof OperatorError ? error.message : "is not what its name says");
    return {};
  }
}

/** The names in a folder; none where there is no folder. */
const filesIn = (folder: string) =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];

function exposedFiles(folder: string, name: string): string[] {
  const files = [...secretFiles, ...filesIn(join(folder, name, "keyring-file")).map((file) => `keyring-file/${file}`)];
  const isExposed = (file: string) => {
    const entry = statSync(join(folder, name, file), { throwIfNoEntry: false });
    return entry?.isFile() && (entry.mode & 0o004) !== 0;
  };
  return files.filter(isExposed).map((file) => `${name}/${file}`);
}
