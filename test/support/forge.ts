import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { lockFile as lockFileOf, signatureFile as signatureFileOf } from "generators/network/paths.ts";
import type { Tree } from "generators/tree.ts";
import { parseCertificate } from "scripts/seal/certificate.ts";
import { type Content, digestOf } from "scripts/seal/content.ts";
import {
  certificateFile as certificateFileOf,
  readKeystoresFolder,
  secretFile,
} from "scripts/seal/keystores-folder.ts";
import { seal } from "scripts/seal/kubeseal.ts";
import { sealedSecretFile, sha256 } from "scripts/seal/sealed-secret.ts";
import { signatureNamespace } from "scripts/seal/signature.ts";
import { copyOf } from "./seal-setup.ts";

// What somebody can do to the keystores folder of the network `local` who has no key of anybody's.

export const lockFile = lockFileOf("local");
export const signatureFile = signatureFileOf("local");
export const certificateFile = certificateFileOf("local");

/** A copy of a sealed checkout in which somebody has changed what is in the folder; returns its root. */
export async function forgedCheckout(sealed: string, how: (files: Tree) => unknown): Promise<string> {
  const root = copyOf(sealed);
  const files = readKeystoresFolder(root, "local");
  await how(files);
  for (const [path, content] of files) writeFileSync(join(root, path), content);
  return root;
}

export const change = (files: Tree, path: string, how: (text: string) => string) =>
  files.set(path, how(files.get(path) ?? ""));

/** A lock as its JSON has it. */
interface Lock {
  secrets: Record<string, Record<string, unknown>>;
}

/** Changes the lock. */
export const inLock = (files: Tree, how: (lock: Lock) => void) =>
  change(files, lockFile, (json) => {
    const lock = JSON.parse(json);
    how(lock);
    return `${JSON.stringify(lock, null, 2)}\n`;
  });

/** Signs what the lock says now, as `ssh-keygen -Y sign` does for anybody. */
export function sign(files: Tree, key: string, namespace = signatureNamespace): void {
  const args = ["-q", "-Y", "sign", "-f", key, "-n", namespace];
  files.set(signatureFile, execFileSync("ssh-keygen", args, { input: files.get(lockFile), encoding: "utf8" }));
}

/** Seals another content under the same name with the public certificate, and sets the digests in the lock. */
export async function replace(files: Tree, name: string, content: Content): Promise<void> {
  const certificate = parseCertificate(files.get(certificateFile) ?? "");
  const id = { name, namespace: "mezo-local" };
  const file = sealedSecretFile(id, await seal(id, content, certificate));
  files.set(secretFile("local", name), file);
  const digest = await digestOf(content);
  inLock(files, ({ secrets }) => Object.assign(secrets[name] ?? {}, { file: sha256(file), content: digest }));
}

/** The URL of somebody else's Ethereum node, as the sidecar's Secret would hold it. */
export const otherUrl: Content = new Map([["ethereum-node-address", Buffer.from("wss://elsewhere.example.org")]]);

/** Rubbish in place of each file of a keystore. */
export function rubbish(files: Tree, name: string): Content {
  const { keys } = JSON.parse(files.get(lockFile) ?? "").secrets[name] as { keys: string[] };
  return new Map(keys.map((key) => [key, Buffer.from("rubbish")]));
}
