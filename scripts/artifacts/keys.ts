import { createHash, createPrivateKey, createPublicKey } from "node:crypto";
import { OperatorError } from "generators/operator-error.ts";

// PKCS #8 of an ed25519 private key: this header, then the 32 bytes of the seed (RFC 8410).
const pkcs8Header = Buffer.from("302e020100300506032b657004220420", "hex");

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest();

/**
 * The node id of a CometBFT node_key.json: the first 20 bytes of SHA-256 of its public key, in hex.
 *
 * @throws {OperatorError} when the file is not one, or the halves of its key do not match.
 */
export const nodeIdOf = (text: string): string =>
  sha256(publicHalf(parse(text).priv_key))
    .subarray(0, 20)
    .toString("hex");

/**
 * The consensus key's public half in a CometBFT priv_validator_key.json, in base64.
 *
 * @throws {OperatorError} when the file is not one, or its private half, public half and address do not match.
 */
export function consensusPubKeyOf(text: string): string {
  const { address, pub_key, priv_key } = parse(text);
  const key = publicHalf(priv_key);
  const stated = keyBytes(pub_key, "pub_key", "tendermint/PubKeyEd25519", 32);
  if (!key.equals(stated)) throw new OperatorError("pub_key is not the public half of priv_key");
  if (sha256(key).subarray(0, 20).toString("hex").toUpperCase() !== address) {
    throw new OperatorError("address is not the address of pub_key");
  }
  return key.toString("base64");
}

/** The public half that a private key's seed gives; the half that stands beside the seed must be the same. */
function publicHalf(privateKey: unknown): Buffer {
  const bytes = keyBytes(privateKey, "priv_key", "tendermint/PrivKeyEd25519", 64);
  const der = Buffer.concat([pkcs8Header, bytes.subarray(0, 32)]);
  const { x = "" } = createPublicKey(createPrivateKey({ key: der, format: "der", type: "pkcs8" })).export({
    format: "jwk",
  });
  const key = Buffer.from(x, "base64url");
  if (!key.equals(bytes.subarray(32))) {
    throw new OperatorError("priv_key's public half does not match its private half");
  }
  return key;
}

function keyBytes(value: unknown, field: string, type: string, length: number): Buffer {
  const key = (typeof value === "object" && value !== null ? value : {}) as { type?: unknown; value?: unknown };
  if (key.type !== type) throw new OperatorError(`${field} is not of type ${type}`);
  const text = typeof key.value === "string" ? key.value : "";
  const bytes = Buffer.from(text, "base64");
  if (bytes.length !== length || bytes.toString("base64") !== text) {
    throw new OperatorError(`${field} is not ${length} bytes in base64`);
  }
  return bytes;
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The parser's own message quotes what it read.
    throw new OperatorError("is not JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new OperatorError("is not a JSON object");
  return value as Record<string, unknown>;
}
