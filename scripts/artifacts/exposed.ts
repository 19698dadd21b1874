import { statSync } from "node:fs";
import { join } from "node:path";
import { filesIn } from "./reader.ts";

/** The files of a home that hold secrets, besides its keyring. */
const secretFiles = ["config/node_key.json", "config/priv_validator_key.json", "keyring_password.txt", "mnemonic.txt"];

/** The secret files in some homes of a folder that every user of this machine may read. */
export const exposedFiles = (folder: string, homes: readonly string[]): string[] =>
  homes.flatMap((home) => {
    const keyring = filesIn(join(folder, home, "keyring-file")).map((file) => `keyring-file/${file}`);
    return [...secretFiles, ...keyring]
      .map((file) => `${home}/${file}`)
      .filter((file) => isExposed(join(folder, file)));
  });

function isExposed(file: string): boolean {
  const entry = statSync(file, { throwIfNoEntry: false });
  return entry?.isFile() === true && (entry.mode & 0o004) !== 0;
}

/** What to tell the operator of such a file. */
export const exposureWarning = (file: string) =>
  `${file} can be read by every user of this machine; run chmod o-r on it`;
