import { isUtf8 } from "node:buffer";
import { constants, gunzipSync } from "node:zlib";

/** A part of a file that gitleaks reads at once, or an archive that it opens. It recognizes archives by the extension. */
export interface Piece {
  extension: string;
  content: string | Buffer;
  /** How many lines of the file are above the first line of the content. */
  above: number;
}

const signatures: [extension: string, offset: number, signature: Buffer][] = [
  [".zip", 0, Buffer.from("PK\x03\x04", "latin1")],
  [".gz", 0, Buffer.from([0x1f, 0x8b, 8])],
  [".bz2", 4, Buffer.from("1AY&SY")],
  [".xz", 0, Buffer.from([0xfd, ...Buffer.from("7zXZ"), 0])],
  [".zst", 0, Buffer.from([0x28, 0xb5, 0x2f, 0xfd])],
  [".7z", 0, Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c])],
  [".rar", 0, Buffer.from("Rar!\x1a\x07", "latin1")],
  [".tar", 257, Buffer.from("ustar\0")],
  [".tar", 257, Buffer.from("ustar  \0")],
];

/** The extension that fits an archive's content, whatever its name; undefined for other files. */
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
    // The start is enough; without this option, its missing end would be an error.
    const start = gunzipSync(gzip.subarray(0, 2 ** 16), { finishFlush: constants.Z_SYNC_FLUSH });
    return start.toString("latin1", 257, 262) === "ustar";
  } catch {
    return false;
  }
}

/**
 * A file in pieces that gitleaks can read. UTF-16 becomes UTF-8, and wrapped base64 becomes one line. A binary file becomes
 * its strings, and an archive stays as it is.
 */
export function readable(path: string, bytes: Buffer): Piece[] {
  const archive = archiveExtension(path, bytes);
  if (archive) return [{ extension: archive, content: bytes, above: 0 }];
  // gitleaks ignores some extensions, such as .png. Ours are .txt, and those of code, on which some rules depend.
  const extension = /\.(?:[cm]?[jt]sx?|go|py|rs)$/.exec(path)?.[0] ?? ".txt";
  // It also ignores what begins like a PDF, say. The empty line hides that.
  return pieces(unwrapped(textOf(bytes))).map(({ text, above }) => ({
    extension,
    content: `\n${text}\n`,
    above: above - 1,
  }));
}

// gitleaks searches 100 kB at a time, and misses what crosses such a border. Pieces are shorter, and overlap.
const length = 80_000;
const overlap = 10_000;

function pieces(text: string): { text: string; above: number }[] {
  const found: { text: string; above: number }[] = [];
  const step = length - overlap;
  let above = 0;
  for (let start = 0; start === 0 || start + overlap < text.length; start += step) {
    found.push({ text: text.slice(start, start + length), above });
    above += lineBreaks(text.slice(start, start + step));
  }
  return found;
}

/** How many line breaks a text has. */
export function lineBreaks(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** A file's text. Of a binary file: its strings, and its start in base64, by which a rule recognizes a key in DER. */
function textOf(bytes: Buffer): string {
  const encoding = utf16(bytes);
  if (encoding) return new TextDecoder(encoding).decode(bytes);
  if (isUtf8(bytes) && !bytes.includes(0)) return bytes.toString("utf8");
  return `${bytes.toString("base64", 0, 300)} ${bytes.toString("latin1").replaceAll(/\0+/g, "\n")}`;
}

/** Whether bytes are UTF-16, by the byte order mark, or because about every other byte is zero. */
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

// As the program base64 writes it: full lines, and a last one that may be shorter.
const wrapped = /^[ \t]*[A-Za-z0-9+/]{60,}(?:\r?\n[ \t]*[A-Za-z0-9+/]{60,})*\r?\n[ \t]*[A-Za-z0-9+/]+={0,2}$/gm;

/** Joins wrapped base64, because gitleaks decodes each line by itself. The lines below keep their numbers. */
const unwrapped = (text: string) =>
  text.replace(wrapped, (block) => {
    const lines = block.split(/\r?\n[ \t]*/);
    return lines.join("") + "\n".repeat(lines.length - 1);
  });
