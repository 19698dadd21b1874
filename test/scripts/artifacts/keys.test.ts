import { createHash, generateKeyPairSync } from "node:crypto";
import { OperatorError } from "generators/operator-error.ts";
import { consensusPubKeyOf, nodeIdOf } from "scripts/artifacts/keys.ts";
import { expect, test } from "vitest";

/** A fresh key as CometBFT writes it: the private half is the seed and then the public half. */
function freshKey() {
  const { d = "", x = "" } = generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" });
  const [seed, publicHalf] = [Buffer.from(d, "base64url"), Buffer.from(x, "base64url")];
  const address = createHash("sha256").update(publicHalf).digest("hex").slice(0, 40);
  return {
    address,
    publicHalf: publicHalf.toString("base64"),
    file: {
      address: address.toUpperCase(),
      pub_key: { type: "tendermint/PubKeyEd25519", value: publicHalf.toString("base64") },
      priv_key: {
        type: "tendermint/PrivKeyEd25519",
        value: Buffer.concat([seed, publicHalf]).toString("base64"),
      },
    },
  };
}

const key = freshKey();
const other = freshKey();
const { address, pub_key, priv_key } = key.file;

test("a node id is the address of the public half, in lower case", () => {
  expect(nodeIdOf(JSON.stringify({ priv_key }))).toBe(key.address);
});

test("a consensus key is the public half", () => {
  expect(consensusPubKeyOf(JSON.stringify(key.file))).toBe(key.publicHalf);
});

// RFC 8032, section 7.1, test 1: a private key that everybody knows.
test("a known key has a known node id", () => {
  const seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
  const publicHalf = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";
  const value = Buffer.from(seed + publicHalf, "hex").toString("base64");
  expect(nodeIdOf(JSON.stringify({ priv_key: { type: "tendermint/PrivKeyEd25519", value } }))).toBe(
    "21fe31dfa154a261626bf854046fd2271b7bed4b",
  );
});

const mixed = Buffer.concat([
  Buffer.from(priv_key.value, "base64").subarray(0, 32),
  Buffer.from(other.publicHalf, "base64"),
]).toString("base64");

test.each<[fault: string, file: unknown, message: string]>([
  ["nothing", undefined, "is not JSON"],
  ["a list", [key.file], "is not a JSON object"],
  ["null", null, "is not a JSON object"],
  ["no private half", { address, pub_key }, "priv_key is not of type tendermint/PrivKeyEd25519"],
  [
    "another type of private half",
    { address, pub_key, priv_key: { ...priv_key, type: "tendermint/PrivKeySecp256k1" } },
    "priv_key is not of type tendermint/PrivKeyEd25519",
  ],
  [
    "the seed alone",
    { address, pub_key, priv_key: { ...priv_key, value: priv_key.value.slice(0, 44) } },
    "priv_key is not 64 bytes in base64",
  ],
  [
    "a number as private half",
    { address, pub_key, priv_key: { ...priv_key, value: 7 } },
    "priv_key is not 64 bytes in base64",
  ],
  [
    "base64 for URLs",
    { address, pub_key, priv_key: { ...priv_key, value: Buffer.alloc(64, 255).toString("base64url") } },
    "priv_key is not 64 bytes in base64",
  ],
  [
    "halves of two keys",
    { address, pub_key, priv_key: { ...priv_key, value: mixed } },
    "priv_key's public half does not match its private half",
  ],
  ["no public half", { address, priv_key }, "pub_key is not of type tendermint/PubKeyEd25519"],
  [
    "a public half without padding",
    { address, pub_key: { ...pub_key, value: pub_key.value.replace("=", "") }, priv_key },
    "pub_key is not 32 bytes in base64",
  ],
  [
    "another key's public half",
    { ...key.file, pub_key: other.file.pub_key },
    "pub_key is not the public half of priv_key",
  ],
  ["another key's address", { ...key.file, address: other.file.address }, "address is not the address of pub_key"],
  ["an address in lower case", { ...key.file, address: key.address }, "address is not the address of pub_key"],
  ["no address", { pub_key, priv_key }, "address is not the address of pub_key"],
])("%s is not a key, and the message quotes nothing of it", (_fault, file, message) => {
  expect(() => consensusPubKeyOf(JSON.stringify(file) ?? "")).toThrow(new OperatorError(message));
});
