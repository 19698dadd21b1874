import { createHash, ECDH } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { compare } from "bcryptjs";
import { compactDecrypt } from "jose";
import { errorAt, type Finding } from "../lib/finding.ts";
import type { Content } from "./content.ts";

// Each step doubles the time: at 14 it is seconds, at 31 it is days. mezod itself writes 10.
const highestCost = 14;

/**
 * What shows that a validator's file keyring, opened with its password as mezod would open it, does not hold the account
 * that its file name says. Of what was opened, messages hold names and addresses alone.
 */
export async function proveKeyring(
  node: string,
  accountAddress: string,
  content: Content,
  password: string,
): Promise<Finding[]> {
  const [infoFile, addressFile] = [`${node}-key.info`, `${accountAddress}.address`];
  const at = (file: string, message: string) => errorAt(`${node}/keyring-file/${file}`, "", message);
  const passwordFile = `${node}/keyring_password.txt`;
  const read = (file: string) => content.get(file)?.toString() ?? "";
  const keyhash = read("keyhash").trim();
  const cost = Number(/^\$2[abxy]?\$(\d\d)\$/.exec(keyhash)?.[1] ?? 0);
  if (cost > highestCost) return [at("keyhash", `has bcrypt cost ${cost}; the limit is ${highestCost}`)];
  const isPassword = await compare(password, keyhash).catch(() => false);
  if (!isPassword) return [at("keyhash", `does not match ${passwordFile}`)];
  const info = await openItem(read(infoFile), password);
  const address = await openItem(read(addressFile), password);
  if (!info) return [at(infoFile, `does not open with ${passwordFile}`)];
  if (!address) return [at(addressFile, `does not open with ${passwordFile}`)];
  const findings: Finding[] = [];
  if (info.key !== infoFile) findings.push(at(infoFile, `was written under the name ${info.key}`));
  if (address.key !== addressFile) findings.push(at(addressFile, `was written under the name ${address.key}`));
  if (address.data.toString() !== infoFile) findings.push(at(addressFile, `does not point to ${infoFile}`));
  const found = addressOf(info.data);
  if (found === undefined) findings.push(at(infoFile, "holds an account of an unknown kind"));
  else if (found !== accountAddress) findings.push(at(infoFile, `holds account ${found}, not ${accountAddress}`));
  return findings;
}

/** An item of 99designs' file keyring: JSON under JWE, with a key derived from the password. */
async function openItem(jwe: string, password: string): Promise<{ key: string; data: Buffer } | undefined> {
  try {
    const { plaintext } = await compactDecrypt(jwe.trim(), Buffer.from(password), {
      keyManagementAlgorithms: ["PBES2-HS256+A128KW"],
      contentEncryptionAlgorithms: ["A256GCM"],
    });
    const { Key, Data } = JSON.parse(Buffer.from(plaintext).toString());
    return { key: String(Key), data: Buffer.from(String(Data), "base64") };
  } catch {
    return undefined;
  }
}

/** The address of the public key in a keyring record (cosmos.crypto.keyring.v1.Record), in hex. */
function addressOf(record: Buffer): string | undefined {
  const any = field(record, 2);
  const [type, key] = [field(any, 1).toString(), field(field(any, 2), 1)];
  if (key.length !== 33) return undefined;
  if (type.endsWith("ethsecp256k1.PubKey")) {
    const point = ECDH.convertKey(key, "secp256k1", undefined, undefined, "uncompressed") as Buffer;
    return Buffer.from(keccak_256(point.subarray(1)))
      .subarray(12)
      .toString("hex");
  }
  if (type === "/cosmos.crypto.secp256k1.PubKey") {
    return createHash("ripemd160").update(createHash("sha256").update(key).digest()).digest("hex");
  }
  return undefined;
}

/** The bytes of the first field of that number in a protobuf message; none where it has no such field. */
function field(message: Buffer, number: number): Buffer {
  for (let at = 0; at < message.length; ) {
    const tag = message[at] as number;
    // These messages have few fields, all short and all length-delimited, but for the lengths of keys.
    const length = message[at + 1] as number;
    if ((tag & 7) !== 2 || length >= 128) break;
    if (tag >> 3 === number) return message.subarray(at + 2, at + 2 + length);
    at += 2 + length;
  }
  return Buffer.alloc(0);
}
