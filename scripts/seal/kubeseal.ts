import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { toolPath } from "tools/tool.ts";
import { quietly, withInput } from "../lib/program.ts";
import type { Certificate } from "./certificate.ts";
import type { Content } from "./content.ts";
import type { EncryptedData, SecretName } from "./sealed-secret.ts";

/**
 * What kubeseal calls itself, with its version.
 *
 * @throws {OperatorError} when it does not run.
 */
export async function kubesealVersion(): Promise<string> {
  const { exitCode, stdout } = await kubeseal(["--version"], "");
  if (exitCode !== 0) throw new OperatorError(`kubeseal does not run (exit code ${exitCode})`);
  return stdout.trim().replace(" version:", "");
}

/**
 * Seals a content in strict scope.
 *
 * @throws {OperatorError} when kubeseal fails, or makes anything but the SealedSecret that was asked for.
 */
export async function seal({ name, namespace }: SecretName, content: Content, certificate: Certificate) {
  const data = Object.fromEntries([...content].map(([key, value]) => [key, value.toString("base64")]));
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, type: "Opaque", data };
  const args = ["--cert", temporaryFile(certificate), "--scope", "strict", "--format", "json"];
  const { exitCode, stdout } = await kubeseal(args, JSON.stringify(secret));
  // Its own message could quote its input.
  if (exitCode !== 0) throw new OperatorError(`kubeseal could not seal ${name} (exit code ${exitCode})`);
  const sealed = parse(stdout);
  const encrypted: EncryptedData = sealed?.spec?.encryptedData ?? {};
  const isAsked =
    sealed?.metadata?.name === name &&
    sealed.metadata.namespace === namespace &&
    Object.keys(encrypted).sort().join() === [...content.keys()].sort().join();
  if (!isAsked) throw new OperatorError(`kubeseal did not make a SealedSecret of ${name} with its keys`);
  return encrypted;
}

/**
 * Opens a SealedSecret with the controller's private keys, offline.
 *
 * @param keys files: PEM, or a backup of the controller's Secrets as `kubectl get secret --output yaml` writes it.
 * @throws {OperatorError} when it does not open.
 */
export async function unseal(sealedSecret: string, keys: readonly string[]): Promise<Content> {
  // kubeseal reads the option's value as CSV.
  const files = keys.map((file) => `--recovery-private-key="${file.replaceAll('"', '""')}"`);
  const { exitCode, stdout, stderr } = await kubeseal(["--recovery-unseal", ...files], sealedSecret);
  if (exitCode !== 0) {
    throw new OperatorError(
      stderr.includes("no key could decrypt")
        ? "does not open with these keys, under this name and in this namespace"
        : "can't be opened: kubeseal can't read it, or one of the keys",
    );
  }
  const data: Record<string, string> = parse(stdout)?.data ?? {};
  return new Map(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, "base64")]));
}

async function kubeseal(args: string[], input: string) {
  const path = await toolPath("kubeseal");
  // Without an environment: SEALED_SECRETS_* would be options to kubeseal, and it needs no kubeconfig here.
  return await withInput(quietly({ env: {} })`${path} ${args}`, input);
}

/** Temporary files, by the fingerprint of the certificate that they hold. */
const temporaryFiles = new Map<string, string>();

/** A temporary file with exactly the certificate that was checked, whatever happens to the one it came from. */
function temporaryFile({ fingerprint, pem }: Certificate): string {
  const known = temporaryFiles.get(fingerprint);
  if (known) return known;
  const folder = mkdtempSync(join(tmpdir(), "seal-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "certificate.pem");
  writeFileSync(file, pem);
  temporaryFiles.set(fingerprint, file);
  return file;
}

// biome-ignore lint/suspicious/noExplicitAny: what a program printed, checked where it is used.
function parse(json: string): any {
  try {
    return JSON.parse(json);
  } catch {
    // The parser's own message quotes what it read.
    return undefined;
  }
}
