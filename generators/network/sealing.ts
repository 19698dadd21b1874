import * as v from "valibot";
import { reason, strict, text } from "./strict-schema.ts";

const keyTypes =
  "ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\\.com|sk-ecdsa-sha2-nistp256@openssh\\.com";

const publicKey = "an OpenSSH public key on one line, such as that in ~/.ssh/id_ed25519.pub";

/** A public key as OpenSSH writes it: type, base64, and a comment that says whose it is. */
const signer = v.pipe(
  text(new RegExp(`^(${keyTypes}) [A-Za-z0-9+/]{40,}={0,2}( [ -~]*)?$`), publicKey),
  v.check(isWhole, `must be ${publicKey}; this one is cut or changed`),
);

/** Whether the type stands inside the key, too, where a key that was pasted in part or edited has something else. */
function isWhole(line: string): boolean {
  const [type = "", base64 = ""] = line.split(" ");
  const bytes = Buffer.from(base64, "base64");
  const length = bytes.length > 4 ? bytes.readUInt32BE(0) : 0;
  return bytes.toString("base64") === base64 && bytes.subarray(4, 4 + length).toString() === type;
}

/** Whether a text is what a network may list as a signer. */
export const isPublicKey = (text: string) => v.is(signer, text);

/** For whom a network's keys are sealed, and who may seal them. */
export const sealing = strict({
  /** The SHA-256 fingerprint of the controller's certificate, as two people have compared it. */
  certificate: text(
    /^sha256:[0-9a-f]{64}$/,
    'a certificate\'s fingerprint, "sha256:" and 64 lower-case hex characters',
  ),
  /** When that certificate ends. An alert speaks thirty days before; without it there is no such alert. */
  expires: v.optional(text(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, "a time in UTC, such as 2034-10-30T10:44:18Z")),
  /** Whose signature the seal lock must have; or why it needs none, which every `pnpm validate` shows. */
  signers: v.union(
    [
      v.pipe(v.array(signer), v.minLength(1, "must hold at least one public key")),
      strict({ off: reason("must explain in a sentence why nobody signs what is sealed") }),
    ],
    `must be a list of OpenSSH public keys, or { off: "<why nobody signs what is sealed>" }`,
  ),
});

export type Sealing = v.InferOutput<typeof sealing>;
