import { type SpawnSyncReturns, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { OperatorError } from "generators/operator-error.ts";

/** What a signature is for: one that was made for anything else, such as a commit, does not count. */
export const signatureNamespace = "seal-lock@mezo.org";

// ssh-keygen asks for a principal. Every signer of a network may do the same, so they share one.
const principal = "sealer";

const missing =
  "this machine has no ssh-keygen: install OpenSSH's client, the package openssh-client on Debian and Ubuntu";

/**
 * Why a text does not count as signed; undefined where it does.
 *
 * @param signature as `ssh-keygen -Y sign` writes it.
 * @param signers OpenSSH public keys, a line each.
 */
export function signatureFault(signed: string, signature: string, signers: readonly string[]): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), "signature-"));
  try {
    const [allowed, file] = [join(folder, "allowed_signers"), join(folder, "signature")];
    const lines = signers.map((key) => `${principal} namespaces="${signatureNamespace}" ${key}\n`);
    writeFileSync(allowed, lines.join(""));
    writeFileSync(file, signature);
    const common = ["-n", signatureNamespace, "-s", file];
    const verified = keygen(["-Y", "verify", "-f", allowed, "-I", principal, ...common], signed);
    if (isMissing(verified)) return `can't be verified: ${missing}`;
    if (verified.status === 0) return undefined;
    // The same without the question whose key it is.
    const { status, stdout, stderr } = keygen(["-Y", "check-novalidate", ...common], signed);
    const [fingerprint] = /SHA256:\S+/.exec(stdout) ?? [];
    if (status === 0) return `was made by ${fingerprint}, which is none of the network's signers`;
    const words = stderr.trim().split("\n")[0]?.replaceAll(folder, "") || `exit code ${status}`;
    return `is not one of this lock: the lock was changed after it was signed, or signed for something else (ssh-keygen: ${words})`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function keygen(args: string[], input: string): SpawnSyncReturns<string> {
  return spawnSync("ssh-keygen", args, { input, encoding: "utf8" });
}

const isMissing = ({ error }: SpawnSyncReturns<string>) =>
  (error as NodeJS.ErrnoException | undefined)?.code === "ENOENT";

/**
 * Signs a text. ssh-keygen itself reads the key and asks for its passphrase on the terminal; nothing of that comes here.
 *
 * @param key the file of a private key, or of a public one whose private half an agent has.
 * @throws {OperatorError} when it is not signed. ssh-keygen has said why.
 */
export async function sign(signed: string, key: string): Promise<string> {
  // Not in a session of its own: that would have no terminal to ask on.
  const child = spawn("ssh-keygen", ["-q", "-Y", "sign", "-f", key, "-n", signatureNamespace], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(error.code === "ENOENT" ? new OperatorError(`nothing can be signed: ${missing}`) : error),
    );
    child.on("close", resolve);
  });
  child.stdin.on("error", () => {});
  child.stdin.end(signed);
  const [code, signature] = await Promise.all([ended, text(child.stdout)]);
  if (code !== 0) throw new OperatorError(`ssh-keygen did not sign with ${key} (exit code ${code})`);
  return signature;
}
