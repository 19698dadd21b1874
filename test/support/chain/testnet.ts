import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { makeHome, nodeId, tidyHome } from "tools/mezod/home.ts";
import { mezodPath } from "tools/mezod/program.ts";
import { $ } from "tools/shell.ts";

/** Makes the home of one more node, with new keys; returns its node id. */
export async function addNode(folder: string, name: string, chainId: string): Promise<string> {
  const home = await makeHome(folder, name, chainId);
  tidyHome(home);
  return nodeId(home);
}

/** Makes a validator's keyring anew: the same key behind another password. */
export async function renewKeyring(home: string, name: string): Promise<void> {
  const mezod = await mezodPath();
  const mnemonic = readFileSync(join(home, "mnemonic.txt"), "utf8");
  const password = randomBytes(32).toString("hex");
  rmSync(join(home, "keyring-file"), { recursive: true });
  const options = { quiet: true, input: `${mnemonic}\n${password}\n${password}\n` };
  await $(options)`${mezod} keys add ${name}-key --recover --home ${home}`;
  writeFileSync(join(home, "keyring_password.txt"), password, { mode: 0o600 });
}
