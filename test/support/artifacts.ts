import { hash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { onTestFinished } from "vitest";

/** A folder of the test's own, which is removed when the test ends. */
export function temporary(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `${name}-`));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A copy of a folder of artifacts that a test may break; it is removed when the test ends. */
export function copyOf(artifacts: string): string {
  const folder = temporary("artifacts");
  cpSync(artifacts, folder, { recursive: true, mode: 0 });
  return folder;
}

/** Rewrites a text file; one that does not exist counts as empty. */
export function edit(file: string, change: (text: string) => string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, change(existsSync(file) ? readFileSync(file, "utf8") : ""));
}

// biome-ignore lint/suspicious/noExplicitAny: foreign JSON, which tests break as they like.
type Json = any;

/** Rewrites a JSON file. */
export const editJson = (file: string, change: (json: Json) => void) =>
  edit(file, (text) => {
    const json = JSON.parse(text);
    change(json);
    return JSON.stringify(json, null, 2);
  });

/** Every file below a folder, with its content. Links, which lead to installed packages, are not followed. */
export function contents(folder: string, below = ""): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  for (const entry of readdirSync(join(folder, below), { withFileTypes: true })) {
    const path = join(below, entry.name);
    if (entry.isFile()) files.set(path, readFileSync(join(folder, path)));
    if (entry.isDirectory()) for (const [inner, content] of contents(folder, path)) files.set(inner, content);
  }
  return files;
}

/** What is below a folder: the SHA-256 of every file, and every folder. */
export function hashes(folder: string): Record<string, string> {
  const folders = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isDirectory());
  return Object.fromEntries([
    ...folders.map(({ parentPath, name }) => [`${join(parentPath, name)}/`, "folder"]),
    ...[...contents(folder)].map(([path, content]) => [path, hash("sha256", content)]),
  ]);
}

/** What must never leave a folder of artifacts: each secret in every form that it could take, by a name for it. */
export function secretsOf(artifacts: string): Map<string, Buffer> {
  const secrets = new Map<string, Buffer>();
  for (const [path, content] of contents(artifacts)) {
    // Up to the first dot, a keyring's entry says how it is encrypted: the same in all of them, and not secret.
    if (/\.(info|address)$/.test(path)) secrets.set(path, content.subarray(content.indexOf(".") + 1));
    else if (/\/(mnemonic|keyring_password)\.txt$|\/keyhash$/.test(path)) secrets.set(path, content);
    if (!/\/(node_key|priv_validator_key)\.json$/.test(path)) continue;
    // The private half is the seed; what follows it is the public half.
    const seed = Buffer.from(JSON.parse(content.toString()).priv_key.value, "base64").subarray(0, 32);
    secrets.set(`${path}, raw`, seed);
    secrets.set(`${path}, hex`, Buffer.from(seed.toString("hex")));
    secrets.set(`${path}, HEX`, Buffer.from(seed.toString("hex").toUpperCase()));
    // The last two characters depend on the bytes that follow.
    secrets.set(`${path}, base64`, Buffer.from(seed.toString("base64").slice(0, 42)));
  }
  return secrets;
}

const pieceLength = 16;

/** Which secrets occur in a text, whole or in part: sixteen bytes of one are enough. */
export function leaks(secrets: ReadonlyMap<string, Buffer>, text: Buffer): string[] {
  const owners = new Map<string, Set<string>>();
  for (const [name, secret] of secrets) {
    for (let start = 0; start + pieceLength <= secret.length; start += pieceLength) {
      const piece = secret.toString("latin1", start, start + pieceLength);
      owners.set(piece, (owners.get(piece) ?? new Set()).add(name));
    }
  }
  // One pass over the text: searching it for each piece would take a minute.
  const characters = text.toString("latin1");
  const found = new Set<string>();
  for (let i = 0; i + pieceLength <= characters.length; i++) {
    for (const name of owners.get(characters.slice(i, i + pieceLength)) ?? []) found.add(name);
  }
  return [...secrets.keys()].filter((name) => found.has(name));
}
