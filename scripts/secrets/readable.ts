import { isUtf8 } from "node:buffer";
import { constants, gunzipSync } from "node:zlib";

/** What gitleaks reads at once: a text, or an archive that it opens. It tells one from the other by the extension. */
export interface Piece {
  extension: string;
  content: string | Buffer;
  /** How many lines of the file are above the piece's first. */
  above: number;
}

const signatures: [extension: string, offset: number, signature: Buffer][] = [
  [".zip", 0, Buffer.from("PK\x03\x04", "latin1")],
  [".gz", 0, Buffer.from([0x1f, 0x8b, 8])],
  [".bz2", 0, Buffer.from("BZh")],
  [".xz", 0, Buffer.from([0xfd, ...Buffer.from("7zXZ"), 0])],
  [".zst", 0, Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  [".7z", 0, Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])],
  [".rar", 0, Buffer.from("Rar!\x1a\x07", "latin1")],
  [".tar", 257, Buffer.from("ustar")],
];

/** The extension of an archive by its content, whatever its name is; undefined for what is no archive. */
export function archiveExtension(path: string, bytes: Buffer): string | undefined {
  const [extension] =
    signatures.find(([, offset, signature]) => signature.equals(bytes.subarray(offset, offset + signature.length))) ??
    [];
  if (extension === ".gz") return hasTar(bytes) ? ".tar.gz" : extension;
  const isTar = /\.(tar\.\w+|t(bz2?|xz|zst))$/.test(path);
  return extension && isTar && [".bz2", ".xz", ".zst"].includes(extension) ? `.tar${extension}` : extension;
}

function hasTar(gzip: Buffer): boolean {
  try {
    // The first block is enough, and ends early.
    const start = gunzipSync(gzip.subarray(0, 2 ** 16), { finishFlush: constants.Z_SYNC_FLUSH });
    return start.toString("latin1", 257, 262) === "ustar";
  } catch {
    return false;
  }
}

/**
 * A file in pieces that gitleaks can read: UTF-16 as UTF-8, what is no text without its zero bytes, wrapped base64 in one
 * line, and an archive as it is.
 */
export function readable(path: string, bytes: Buffer): Piece[] {
  const archive = archiveExtension(path, bytes);
  if (archive) return [{ extension: archive, content: bytes, above: 0 }];
  // Of others' extensions gitleaks' own rules pass over some; those of code matter to ours.
  const extension = /\.(?:[cm]?[jt]sx?|go|py|rs)$/.exec(path)?.[0] ?? ".txt";
  // It tells a PDF and the like by their first bytes, and passes over them: the empty line hides these.
  return pieces(unwrapped(textOf(bytes))).map(({ text, above }) => ({
    extension,
    content: `\n${text}\n`,
    above: above - 1,
  }));
}

// It reads 100 kB at a time, and nothing that begins before and ends after: pieces overlap by more than a secret is long.
const length = 80_000;
const overlap = 10_000;

function pieces(text: string): { text: string; above: number }[] {
  const starts = Array.from(
    { length: Math.ceil(Math.max(text.length - overlap, 1) / (length - overlap)) },
    (_, i) => i * (length - overlap),
  );
  return starts.map((start) => ({ text: text.slice(start, start + length), above: lineBreaks(text.slice(0, start)) }));
}

const lineBreaks = (text: string) => text.split("\n").length - 1;

/** A file's text. Of what is no text: the strings in it, one a line, and its start in base64, which shows a key in DER. */
function textOf(bytes: Buffer): string {
  const encoding = utf16(bytes);
  if (encoding) return new TextDecoder(encoding).decode(bytes);
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString("utf8");
  return `${bytes.toString("base64", 0, 300)} ${bytes.toString("latin1").replaceAll("\0", "\n")}`;
}

/** Whether bytes are UTF-16, by their mark, or because every other one is zero, as in all of Latin's text. */
function utf16(bytes: Buffer): "utf-16le" | "utf-16be" | undefined {
  const mark = bytes.toString("hex", 0, 2);
  if (mark === "fffe") return "utf-16le";
  if (mark === "feff") return "utf-16be";
  const start = bytes.subarray(0, 4096);
  const zeros = (parity: number) => start.filter((byte, i) => byte === 0 && i % 2 === parity).length;
  const [even, odd] = [zeros(0), zeros(1)];
  const most = 0.4 * start.length;
  if (odd >= most && even === 0) return "utf-16le";
  return even >= most && odd === 0 ? "utf-16be" : undefined;
}

// As `base64` writes it: full lines, and a last one that may be short.
const wrapped = /^[ \t]*[A-Za-z0-9+/]{60,}(?:\r?\n[ \t]*[A-Za-z0-9+/]{60,})*\r?\n[ \t]*[A-Za-z0-9+/]+={0,2}$/gm;

/** Joins base64 that is wrapped, for gitleaks decodes each line by itself. Lines below it keep their numbers. */
const unwrapped = (text: string) =>
  text.replace(wrapped, (block) => {
    const lines = block.split(/\r?\n[ \t]*/);
    return lines.join("") + "\n".repeat(lines.length - 1);
  });
