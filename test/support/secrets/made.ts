import { generateKeyPairSync, randomBytes } from "node:crypto";
import { generateMnemonic, validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";

// Every secret is made here and now; none is committed.
export const base64 = (bytes: number) => randomBytes(bytes).toString("base64");
export const urlSafe = (bytes: number) => randomBytes(bytes).toString("base64url");
export const hex = (bytes: number) => randomBytes(bytes).toString("hex");
export const encoded = (text: string) => Buffer.from(text).toString("base64");
export const decimal = (digits: number) => String(randomBytes(8).readBigUInt64BE()).padStart(20, "7").slice(-digits);

/** Characters of an alphabet. */
export const of = (alphabet: string, length: number) =>
  [...randomBytes(length)].map((byte) => alphabet[byte % alphabet.length]).join("");

export const upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const alphanumeric = `${upper}${upper.toLowerCase()}0123456789`;

/** A password that a person could have chosen, with digits in it. */
export const password = () => `Kestrel-${hex(4)}`;

const der = { type: "pkcs8", format: "der" } as const;
export const pem = generateKeyPairSync("ed25519").privateKey.export({ type: "pkcs8", format: "pem" }).toString();
export const rsaPem = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();
export const rsaDer = generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey.export(der).toString("base64");
export const jwk = () => generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
export const publicPem = generateKeyPairSync("ed25519").publicKey.export({ type: "spki", format: "pem" }).toString();

export const mnemonic = (words: 12 | 15 | 18 | 21 | 24) => generateMnemonic(wordlist, (words / 3) * 32);

/** A mnemonic that has some word in it. */
export function mnemonicWith(word: string): string {
  for (;;) {
    const words = mnemonic(12).split(" ");
    const changed = [...words.slice(0, 5), word, ...words.slice(6)].join(" ");
    if (validateMnemonic(changed, wordlist)) return changed;
  }
}

/** A mnemonic with another last word, with which its checksum fails. */
export function wrongMnemonic(): string {
  const first = mnemonic(12).replace(/\w+$/, "");
  return `${first}${wordlist.find((word) => !validateMnemonic(`${first}${word}`, wordlist))}`;
}

/** What CometBFT writes to priv_validator_key.json. */
export const validatorKey = () => ({
  address: hex(20).toUpperCase(),
  pub_key: { type: "tendermint/PubKeyEd25519", value: base64(32) },
  priv_key: { type: "tendermint/PrivKeyEd25519", value: base64(64) },
});

/** What CometBFT writes to node_key.json. */
export const nodeKey = () => ({ priv_key: { type: "tendermint/PrivKeyEd25519", value: base64(64) } });

/** An item of a Cosmos SDK's file keyring: a JWE. */
export const keyringItem = () =>
  [
    Buffer.from('{"alg":"PBES2-HS256+A128KW","created":"2024-11-26","enc":"A256GCM","p2c":8192}').toString("base64url"),
    ...[40, 12, 30, 16].map(urlSafe),
  ].join(".");

/** A hash of bcrypt. */
export const bcrypt = () => `$2a$10$${of(alphanumeric, 53)}`;

/** An object as kubectl writes it: keys in the alphabet's order. */
export const kubectlSecret = (data: Record<string, string>) => `apiVersion: v1
data:
${Object.entries(data)
  .map(([key, value]) => `  ${key}: ${encoded(value)}\n`)
  .join("")}kind: Secret
metadata:
  name: sealed-secrets-keyabcde
  namespace: kube-system
type: kubernetes.io/tls
`;

/**
 * What of a mnemonic stands in a text: each two words that follow each other. A single one may be a word of the text's own,
 * such as "shallow".
 */
export function shownOf(mnemonic: string, text: string): string[] {
  const words = mnemonic.split(" ");
  return words
    .slice(1)
    .map((word, i) => `${words[i]} ${word}`)
    .filter((pair) => text.includes(pair));
}
