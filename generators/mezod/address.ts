import { createHash } from "node:crypto";
import { bech32 } from "@scure/base";

// Amino's type prefix of tendermint/PubKeyEd25519, and the length of the key: 32 bytes.
const aminoEd25519 = Uint8Array.from([0x16, 0x24, 0xde, 0x64, 0x20]);

const encode = (prefix: string, bytes: Uint8Array) => bech32.encode(prefix, bech32.toWords(bytes), false);

/** The bech32 address (mezo1…) of an account, from its 20 bytes in hex. */
export const accountAddress = (prefix: string, hex: string) => encode(prefix, Buffer.from(hex, "hex"));

/** The bech32 address (mezovaloper1…) of a validator's operator, from its account's 20 bytes in hex. */
export const operatorAddress = (prefix: string, hex: string) => encode(`${prefix}valoper`, Buffer.from(hex, "hex"));

/** A consensus key in bech32 (mezovalconspub1…), with amino's prefix as in x/poa's genesis, from the key in base64. */
export const consensusPubKey = (prefix: string, base64: string) =>
  encode(`${prefix}valconspub`, Buffer.concat([aminoEd25519, Buffer.from(base64, "base64")]));

/**
 * The address with which a validator signs blocks, in base64 as `mezod query block` shows it: the first 20 bytes of
 * SHA-256 of the consensus key, which is ed25519 in base64.
 */
export const signerAddress = (consensusPubKey: string) =>
  createHash("sha256").update(Buffer.from(consensusPubKey, "base64")).digest().subarray(0, 20).toString("base64");

// A consensus key is longer than the 90 characters that bech32 was made for.
const limit = 200;

/**
 * The bytes of a bech32 address in hex.
 *
 * @throws {Error} when the text is not bech32.
 */
export const decodeAddress = (address: string) =>
  Buffer.from(bech32.fromWords(bech32.decode(address as `${string}1${string}`, limit).words)).toString("hex");

/**
 * The ed25519 public key in base64 of a consensus key in bech32.
 *
 * @throws {Error} when the text is not such a key.
 */
export function decodeConsensusPubKey(key: string): string {
  const bytes = Buffer.from(decodeAddress(key), "hex");
  if (!bytes.subarray(0, aminoEd25519.length).equals(aminoEd25519)) throw new Error("not an ed25519 key");
  return bytes.subarray(aminoEd25519.length).toString("base64");
}
