import { existsSync, readFileSync } from "node:fs";
import { lockFile, networkFile, signatureFile } from "generators/network/paths.ts";
import type { Network } from "generators/network/schema.ts";
import { isPublicKey } from "generators/network/sealing.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { Tree } from "generators/tree.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import type { Certificate } from "./certificate.ts";
import { certificateFile } from "./keystores-folder.ts";
import { sign, signatureFault } from "./signature.ts";

/** The keys whose signature a network's lock must have; none where the network says that it needs none. */
export const signersOf = ({ sealing }: Pick<Network, "sealing">): readonly string[] =>
  Array.isArray(sealing?.signers) ? sealing.signers : [];

/** A certificate's fingerprint as a network pins it. */
export const pinOf = ({ fingerprint }: Certificate) => `sha256:${fingerprint}`;

/**
 * What shows that somebody other than a signer of the network may have made its sealed files. A public certificate is all
 * that sealing takes, so the files alone show nothing.
 *
 * @param files the whole keystores folder.
 * @param certificate the one in it, undefined where it can't be read.
 */
export function* checkAuthenticity(
  network: Network,
  files: Tree,
  certificate: Certificate | undefined,
): Iterable<Finding> {
  const { name, sealing } = network;
  if (!sealing) {
    const message = `is missing: whoever can change ${certificateFile(name)} could have keys sealed for himself; \`pnpm seal\` says what to write`;
    yield errorAt(networkFile(name), "sealing", message);
    return;
  }
  if (certificate && pinOf(certificate) !== sealing.certificate) {
    const message = `has the fingerprint ${pinOf(certificate)}, but ${networkFile(name)} pins ${sealing.certificate}: restore it from git`;
    yield errorAt(certificateFile(name), "", message);
  }
  if (!Array.isArray(sealing.signers)) {
    const message = `nobody signs what is sealed, so whoever can push can replace it: ${sealing.signers.off}`;
    yield { ...errorAt(networkFile(name), "sealing.signers", message), severity: "warning" };
    return;
  }
  const fault = lockFault(network, files);
  if (fault) yield errorAt(signatureFile(name), "", `${fault}; restore the folder from git, or seal everything again`);
}

/**
 * Why a network's lock does not count as signed by one of its signers; undefined where it does, where the network wants no
 * signature, and where nothing is sealed.
 */
export function lockFault(network: Network, files: Tree): string | undefined {
  const signers = signersOf(network);
  const [lock, signature] = [files.get(lockFile(network.name)), files.get(signatureFile(network.name))];
  if (signers.length === 0 || lock === undefined) return undefined;
  if (signature === undefined) return "is missing: the lock is not signed";
  return signatureFault(lock, signature, signers);
}

/**
 * Refuses a certificate that the network does not pin: whoever made it could open what is sealed for it.
 *
 * @param from where it comes from.
 * @param signWith the key that will sign, whose public half the message shows.
 * @throws {OperatorError} that says what to compare and what to write.
 */
export function requirePinned(network: Network, from: string, certificate: Certificate, signWith?: string): void {
  const { name, sealing } = network;
  const [pin, file] = [pinOf(certificate), networkFile(name)];
  if (sealing?.certificate === pin) return;
  const compare = "compare the fingerprint with that of the controller's own certificate, over another channel";
  if (sealing) {
    throw new OperatorError(
      `certificate ${from} is ${pin}, but ${file} pins ${sealing.certificate}: if it is to be replaced, ${compare}; then pin it there, and seal with --rotate or --recover`,
    );
  }
  const lines = [
    `${name} pins no certificate yet, and nothing was sealed. Certificate ${from} is ${pin}:`,
    `${compare}, then say in ${file}:`,
    "",
    "  sealing: {",
    `    certificate: "${pin}",`,
    `    signers: [${JSON.stringify(publicKeyOf(signWith) ?? "<the public key of whoever seals, such as the line in ~/.ssh/id_ed25519.pub>")}],`,
    "  },",
  ];
  throw new OperatorError(lines.join("\n"));
}

/** The public half of a key, where there is a file with it. */
function publicKeyOf(key: string | undefined): string | undefined {
  const files = key === undefined ? [] : key.endsWith(".pub") ? [key] : [`${key}.pub`];
  const file = files.find((each) => existsSync(each));
  const text = file && readFileSync(file, "utf8").trim();
  // Whatever else stands in such a file is not shown.
  return text && isPublicKey(text) ? text : undefined;
}

/**
 * A lock's signature.
 *
 * @param signWith the key's file.
 * @throws {OperatorError} when there is no key, or it is none of the network's signers'.
 */
export async function signLock(network: Network, lock: string, signWith: string | undefined): Promise<string> {
  if (signWith === undefined) throw new OperatorError(`nothing was written: ${needsKey(network)}`);
  const signature = await sign(lock, signWith);
  const fault = signatureFault(lock, signature, signersOf(network));
  if (fault === undefined) return signature;
  throw new OperatorError(
    `nothing was written: the signature ${fault}; add the public key to sealing.signers in ${networkFile(network.name)}, or sign with another`,
  );
}

/** What to do where a key is needed and none was given. */
export const needsKey = ({ name }: Network) =>
  `${name} wants what is sealed to be signed: name one of its signers' keys with --sign-with KEY`;
