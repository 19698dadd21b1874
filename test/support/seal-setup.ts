// x509 needs it.
import "reflect-metadata";
import { execFileSync } from "node:child_process";
import { generateKeyPairSync, webcrypto, X509Certificate } from "node:crypto";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as x509 from "@peculiar/x509";
import { makeTestnet } from "tools/mezod/testnet.ts";
import { $ } from "tools/shell.ts";
import { toolPath } from "tools/tool.ts";
import { afterAll, onTestFinished } from "vitest";
import { edit } from "./artifacts.ts";
import { checkout, makeCheckout, type Ran, run } from "./checkout.ts";

/** A self-signed certificate such as the SealedSecrets controller makes, and its private key, in PEM. */
export interface Pair {
  certificate: string;
  key: string;
}

const day = 24 * 60 * 60 * 1000;

/** Makes a pair whose certificate began and expires in so many days; with a negative number that is past. */
export async function makePair({
  days = 3650,
  begins = -400,
  bits = 2048,
  type = "rsa" as "rsa" | "ec",
  address = "127.0.0.1",
} = {}): Promise<Pair> {
  const { privateKey, publicKey } =
    type === "rsa"
      ? generateKeyPairSync("rsa", { modulusLength: bits })
      : generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm =
    type === "rsa" ? { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" } : { name: "ECDSA", namedCurve: "P-256" };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    {
      name: "CN=sealed-secret",
      notBefore: new Date(Date.now() + begins * day),
      notAfter: new Date(Date.now() + days * day),
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: "ip", value: address }])],
      signingAlgorithm: { ...algorithm, hash: "SHA-256" },
      keys: {
        privateKey: await webcrypto.subtle.importKey(
          "pkcs8",
          privateKey.export({ type: "pkcs8", format: "der" }),
          algorithm,
          true,
          ["sign"],
        ),
        publicKey: await webcrypto.subtle.importKey(
          "spki",
          publicKey.export({ type: "spki", format: "der" }),
          algorithm,
          true,
          ["verify"],
        ),
      },
    },
    webcrypto,
  );
  return {
    certificate: `${certificate.toString("pem")}\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }) as string,
  };
}

/** What tests of sealing need: real artifacts, certificates, and checkouts whose network `local` describes them. */
export interface SealSetup {
  folder: string;
  artifacts: string;
  /** A checkout with nothing sealed, and one with everything sealed. Tests must not change them. */
  bare: string;
  sealed: string;
  /** Files of the pair, and of another one. */
  cert: string;
  key: string;
  cert2: string;
  key2: string;
  /** The key of the network's one signer, and that of a stranger. */
  signer: string;
  stranger: string;
  /** A file with the Ethereum node's address. */
  address: string;
}

// Put together here, so that no file holds what looks like a key.
export const ethereumAddress = `wss://mainnet.example.org/v3/${"0f1e2d3c".repeat(4)}`;
export const nodes = ["mezo-node-0", "mezo-node-1"];

const folders: string[] = [];
// Registered here, since vitest forgets what a hook such as beforeAll registers.
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Makes all of it in a folder of its own, which is removed after the file's last test. */
export async function makeSealSetup(): Promise<SealSetup> {
  const folder = mkdtempSync(join(tmpdir(), "sealing-"));
  folders.push(folder);
  const at = (name: string) => join(folder, name);
  mkdirSync(at("artifacts"));
  await makeTestnet(at("artifacts"), {
    validators: nodes.length,
    chainId: "mezo_31611-10",
    host: (i) => `${nodes[i]}.mezo-local.svc.cluster.local`,
  });
  for (const suffix of ["", "2"]) {
    const { certificate, key } = await makePair();
    writeFileSync(at(`cert${suffix}.pem`), certificate);
    writeFileSync(at(`key${suffix}.pem`), key);
  }
  for (const name of ["signer", "stranger"]) makeSigningKey(at(name), name);
  writeFileSync(at("address"), `${ethereumAddress}\n`);
  const bare = makeCheckout(at("bare"));
  edit(join(bare, "generators/networks/local.ts"), (text) =>
    text.replace("genesis: staging.genesis", 'genesis: { kind: "file" }'),
  );
  declareSealing(bare, at("cert.pem"), at("signer"));
  succeeded(run(bare, "import", "local", "--from", at("artifacts"), "--yes"));
  const sealed = makeCheckout(at("sealed"));
  copyNetworks(bare, sealed);
  const setup = {
    folder,
    artifacts: at("artifacts"),
    bare,
    sealed,
    cert: at("cert.pem"),
    key: at("key.pem"),
    cert2: at("cert2.pem"),
    key2: at("key2.pem"),
    signer: at("signer"),
    stranger: at("stranger"),
    address: at("address"),
  };
  succeeded(sealAll(sealed, setup));
  return setup;
}

function succeeded({ code, stderr }: Ran): void {
  if (code !== 0 || stderr !== "") throw new Error(stderr);
}

function copyNetworks(from: string, to: string): void {
  for (const part of ["generators/networks", "base", "overlays"]) {
    rmSync(join(to, part), { recursive: true });
    cpSync(join(from, part), join(to, part), { recursive: true });
  }
}

/** A copy of one of the checkouts that a test may break. */
export function copyOf(original: string): string {
  const root = checkout();
  copyNetworks(original, root);
  return root;
}

/** A broken copy of the artifacts, which is removed when the test ends. */
export function brokenArtifacts({ artifacts }: SealSetup, change: (folder: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), "artifacts-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  cpSync(artifacts, folder, { recursive: true });
  change(folder);
  return folder;
}

/** An OpenSSH key without a passphrase. The real ssh-keygen makes it, as it signs and verifies. */
export function makeSigningKey(file: string, comment: string): void {
  try {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", `${comment}@example.org`, "-f", file]);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new Error("these tests sign what is sealed and need ssh-keygen: install OpenSSH's client (openssh-client)");
  }
}

/** The public half of a key, as a network lists it. */
export const publicHalf = (key: string) => readFileSync(`${key}.pub`, "utf8").trim();

/** A certificate's fingerprint, as a network pins it. */
export const pinned = (cert: string) =>
  `sha256:${new X509Certificate(readFileSync(cert)).fingerprint256.replaceAll(":", "").toLowerCase()}`;

/** Has the network `local` say for which certificate keys are sealed, and who signs. */
export function declareSealing(root: string, cert: string, ...signers: string[]): void {
  const sealing = { certificate: pinned(cert), signers: signers.map(publicHalf) };
  edit(join(root, "generators/networks/local.ts"), (text) =>
    text.replace(/( {2}sealing: .*\n)?(?= {2}peering:)/, `  sealing: ${JSON.stringify(sealing)},\n`),
  );
}

/** Has a network pin a certificate, and want no signature. */
export function declareUnsigned(root: string, network: string, cert: string): void {
  const signers = { off: "a test, in which nobody signs" };
  edit(join(root, `generators/networks/${network}.ts`), (text) =>
    text.replace(
      /( {2}sealing: .*\n)?(?= {2}peering:)/,
      `  sealing: ${JSON.stringify({ certificate: pinned(cert), signers })},\n`,
    ),
  );
}

/** The first sealing of everything. */
export const sealAll = (root: string, setup: SealSetup) =>
  sealLocal(root, setup, "--from", setup.artifacts, "--cert", setup.cert, "--ethereum-node-address", setup.address);

/** `pnpm seal local`, signed by the network's signer. */
export const sealLocal = (root: string, { signer }: Pick<SealSetup, "signer">, ...args: string[]) =>
  run(root, "seal", "local", "--sign-with", signer, ...args);

/** Every file of a network's keystores. */
export function keystores(root: string, network = "local"): Record<string, string> {
  const folder = join(root, "overlays", network, "keystores");
  return Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );
}

/** A SealedSecret opened by the real kubeseal, offline: its values by key, or kubeseal's message where it fails. */
export async function open(sealed: string, key: string): Promise<Record<string, string> | string> {
  const kubeseal = await toolPath("kubeseal");
  const { exitCode, stdout, stderr } = await $({
    input: sealed,
    nothrow: true,
    quiet: true,
  })`${kubeseal} --recovery-unseal --recovery-private-key ${key}`;
  return exitCode === 0 ? JSON.parse(stdout).data : stderr;
}

/** The files that a validator's pod mounts, as the artifacts have them, in base64 by key. */
export function keystoreFiles({ artifacts }: SealSetup, node: string): Record<string, string> {
  const home = join(artifacts, node);
  const files = [
    ...["node_key.json", "priv_validator_key.json"].map((name) => join(home, "config", name)),
    ...readdirSync(join(home, "keyring-file")).map((name) => join(home, "keyring-file", name)),
  ];
  return Object.fromEntries(
    files.map((file) => [file.slice(file.lastIndexOf("/") + 1), readFileSync(file).toString("base64")]),
  );
}
