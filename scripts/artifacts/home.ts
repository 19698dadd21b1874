import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { kindOf } from "generators/files.ts";
import { parse as parseToml } from "smol-toml";
import { consensusPubKeyOf, nodeIdOf } from "./keys.ts";
import { attempt, filesIn, type Reader, report } from "./reader.ts";

/** A validator's home: those of its public facts that could be read. */
export interface Home {
  name: string;
  index: number;
  nodeId?: string;
  consensusPubKey?: string;
  /** Hex. */
  accountAddress?: string;
  chainId?: string;
}

/** A validator's home is named after its node: mezo-node-3. */
const homeName = /^[a-z][-a-z0-9]*-node-(0|[1-9]\d*)$/;

/** Whether a folder of this name is a validator's home. */
export const isHome = (name: string): boolean => homeName.test(name);

/** Reads a validator's home. Private keys are read to prove that their public halves belong to them. */
export function readHome(reader: Reader, name: string): Home {
  const home = {
    name,
    index: Number(homeName.exec(name)?.[1]),
    ...attempt(reader, `${name}/config/node_key.json`, "a node key", (text) => ({ nodeId: nodeIdOf(text) })),
    ...attempt(reader, `${name}/config/priv_validator_key.json`, "a consensus key", (text) => ({
      consensusPubKey: consensusPubKeyOf(text),
    })),
    ...attempt(reader, `${name}/config/client.toml`, "valid TOML", (text) => ({
      chainId: String(parseToml(text)["chain-id"] ?? ""),
    })),
    ...readKeyring(reader, name),
  };
  checkSigningState(reader, name);
  return home;
}

/** The account's address, which names a file of the keyring. */
function readKeyring(reader: Reader, name: string): Pick<Home, "accountAddress"> {
  const folder = join(reader.folder, name, "keyring-file");
  const files = filesIn(folder);
  const addresses = files.flatMap((file) => /^([0-9a-f]{40})\.address$/.exec(file)?.[1] ?? []);
  for (const file of ["keyhash", `${name}-key.info`, ...addresses.map((address) => `${address}.address`)]) {
    if (!files.includes(file)) report(reader, `${name}/keyring-file/${file}`, "is missing");
    else checkKeyringFile(reader, `${name}/keyring-file/${file}`);
  }
  if (addresses.length === 1) return { accountAddress: addresses[0] as string };
  const count = addresses.length === 0 ? "no <account address>.address file" : `${addresses.length} *.address files`;
  report(reader, `${name}/keyring-file`, `holds ${count}; a validator has exactly one account`);
  return {};
}

function checkKeyringFile(reader: Reader, file: string): void {
  const stats = statSync(join(reader.folder, file), { throwIfNoEntry: false });
  if (!stats) report(reader, file, "is a link to nothing");
  else if (!stats.isFile()) report(reader, file, `is ${kindOf(stats)}, not a file`);
  else if (stats.size === 0) report(reader, file, "is empty");
}

/** A validator whose key has signed already must not start again at height 0. */
function checkSigningState(reader: Reader, name: string): void {
  const file = `${name}/data/priv_validator_state.json`;
  if (!existsSync(join(reader.folder, file))) return;
  attempt(reader, file, "a signing state", (text) => {
    const { height, round = 0, step = 0 } = JSON.parse(text);
    if (height === undefined) throw new Error("no height");
    if ([height, round, step].every((part) => String(part) === "0")) return {};
    const at = `height ${JSON.stringify(height)}, round ${JSON.stringify(round)}, step ${JSON.stringify(step)}`;
    report(reader, file, `is at ${at}: this key has signed already; artifacts must be fresh, with all three at 0`);
    return {};
  });
}
