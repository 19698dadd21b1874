import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import type { Identity } from "generators/network/seal-lock.ts";

/** What a Secret holds: keys and their values in plain. It goes nowhere but to kubeseal's standard input. */
export type Content = ReadonlyMap<string, Buffer>;

/** A Secret that is not sealed yet. */
export interface PlainSecret {
  name: string;
  content: Content;
  /** The validator whose keystore it is; the sidecar's configuration has none. */
  validator?: Identity;
}

// 64 MiB and about a fifth of a second: a digest in a public repository must not be cheap to guess at.
const cost = { ln: 16, r: 8, p: 1 };

/** A salted digest of a content, as a PHC string; a different one at every call. */
export const digestOf = (content: Content) => digest(content, randomBytes(16), cost);

/** Whether a PHC string is a digest of a content. */
export async function isDigestOf(phc: string, content: Content): Promise<boolean> {
  const [, ln = "", r = "", p = "", salt = ""] = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([^$]+)\$/.exec(phc) ?? [];
  const found = await digest(content, Buffer.from(salt, "base64"), { ln: Number(ln), r: Number(r), p: Number(p) });
  return found.length === phc.length && timingSafeEqual(Buffer.from(found), Buffer.from(phc));
}

async function digest(content: Content, salt: Buffer, { ln, r, p }: typeof cost): Promise<string> {
  const N = 2 ** ln;
  const hash = await derive(canonical(content), salt, 32, { N, r, p, maxmem: 256 * N * r });
  return `$scrypt$ln=${ln},r=${r},p=${p}$${base64(salt)}$${base64(hash)}`;
}

const derive = promisify<string, Buffer, number, object, Buffer>(scrypt);

/** One text for one content, whatever the order of its keys. */
const canonical = (content: Content) =>
  JSON.stringify([...content].map(([key, value]) => [key, value.toString("base64")]).sort());

// PHC strings have no padding.
const base64 = (bytes: Buffer) => bytes.toString("base64").replace(/=+$/, "");
