import { bech32 } from "@scure/base";

// Amino's type prefix of tendermint/PubKeyEd25519 and the length byte of its 32 bytes.
const aminoEd25519 = Uint8Array.from([0x16, 0x24, 0xde, 0x64, 0x20]);

const encode = (prefix: string, bytes: Uint8Array) => bech32.encode(prefix, bech32.toWords(bytes), false);

/** An account's bech32 address (mezo1…) from its 20 bytes in hex. */
export const accountAddress = (prefix: string, hex: string) => encode(prefix, Buffer.from(hex, "hex"));

/** A validator operator's address (mezovaloper1…) from the same 20 bytes. */
export const operatorAddress = (prefix: string, hex: string) => encode(`${prefix}valoper`, Buffer.from(hex, "hex"));

/** A consensus key (mezovalconspub1…) from the ed25519 public half in base64, amino-prefixed as x/poa's genesis has it. */
export const consensusPubKey = (prefix: string, base64: string) =>
  encode(`${prefix}valconspub`, Buffer.concat([aminoEd25519, Buffer.from(base64, "base64")]));

const limit = 200; // A consensus key is longer than the 90 characters that bech32 was made for.

/** The bytes of any bech32 address, in hex. Throws when it is none. */
export const decodeAddress = (address: string) =>
  Buffer.from(bech32.fromWords(bech32.decode(address as `${string}1${string}`, limit).words)).toString("hex");

/** The ed25519 public half, in base64, of an amino-prefixed consensus key in bech32. Throws when it is none. */
export function decodeConsensusPubKey(key: string): string {
  const bytes = Buffer.from(decodeAddress(key), "hex");
  if (!bytes.subarray(0, aminoEd25519.length).equals(aminoEd25519)) throw new Error("not an ed25519 key");
  return bytes.subarray(aminoEd25519.length).toString("base64");
}
