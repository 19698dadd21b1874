import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { memoryFolder } from "../lib/memory-folder.ts";
import type { Content, Place } from "./content.ts";
import { gitleaks, type Leak } from "./gitleaks.ts";
import { mnemonicsIn } from "./mnemonic.ts";
import { archiveExtension, readable } from "./readable.ts";

/** Where a secret begins, and what it is; never the secret itself. */
export interface Found {
  path: string;
  place: Place;
  line: number;
  what: string;
}

/** What was not searched, or not completely. */
export interface Unread {
  path: string;
  place: Place;
  why: "size" | "archive";
}

/** What a search found: at most one secret for each line. */
export interface Scan {
  found: Found[];
  unread: Unread[];
  /** How many contents there were. */
  count: number;
}

// Files of the chain's own programs, and stores of keys in binary formats, are secrets whatever they contain.
const names: [pattern: RegExp, what: string][] = [
  [/(^|\/)(node_key|priv_validator_key)\.json$/, "a node's key file"],
  [/(^|\/)keyring_password\.txt$/, "a keyring's password"],
  [/(^|\/)mnemonic\.txt$/, "a mnemonic"],
  [/(^|\/)keyring-[a-z]+\//, "a keyring"],
  [/\.(p12|pfx|jks|keystore|kdbx)$|(^|\/)(wallet\.dat|secring\.gpg)$/i, "a store of private keys"],
  [/(^|\/)\.pgpass$/, "a password"],
];

/** A finding with the positions of its content and of its rule, by which findings are sorted. */
type Ranked = Found & { order: number; rank: number; rule?: string };

/** What a file that gitleaks searches is a piece of, and how many lines are above the piece. */
type Source = Pick<Found, "path" | "place"> & { order: number; above: number };

/** The files that were written for gitleaks, and what is known without it. */
interface Written extends Omit<Scan, "found"> {
  sources: Map<string, Source>;
  named: Ranked[];
}

/**
 * Looks for secrets with gitleaks.
 *
 * @param hasBegun called once gitleaks runs.
 * @throws {OperatorError} when gitleaks fails.
 */
export const scan = (contents: AsyncIterable<Content> | Iterable<Content>, hasBegun?: () => void): Promise<Scan> =>
  inFolder(async (folder) => {
    const { sources, named, unread, count } = await writeFor(folder, contents);
    const leaks = sources.size > 0 ? await gitleaks(folder, hasBegun) : [];
    return { found: onePerLine([...named, ...leaks.flatMap((leak) => ranked(leak, sources))]), unread, count };
  });

/**
 * Writes contents into a folder for gitleaks, in a form that it can read. The files have numbers for names, because
 * gitleaks ignores some names, such as that of a lock file.
 */
export async function writeFor(folder: string, contents: AsyncIterable<Content> | Iterable<Content>): Promise<Written> {
  const written: Written = { sources: new Map(), named: [], unread: [], count: 0 };
  const { sources, named, unread } = written;
  for await (const { path, place, bytes } of contents) {
    const order = written.count++;
    // Lets the rest of the program go on in between.
    await setImmediate();
    const [, what] = names.find(([pattern]) => pattern.test(path)) ?? [];
    if (what) named.push({ path, place, line: 1, what, order, rank: -1 });
    else if (!bytes) unread.push({ path, place, why: "size" });
    else {
      if (archiveExtension(path, bytes)) unread.push({ path, place, why: "archive" });
      for (const { extension, content, above } of readable(path, bytes)) {
        const file = `${sources.size}${extension}`;
        sources.set(file, { path, place, order, above });
        writeFileSync(join(folder, file), content);
      }
    }
  }
  return written;
}

function ranked(
  { file, line, rule, what, rank, words, isDecoded }: Leak,
  sources: ReadonlyMap<string, Source>,
): Ranked[] {
  const [name = "", ...inner] = file.split("!");
  const source = sources.get(name);
  if (!source) throw new Error(`gitleaks reported ${name}, which it was not given`);
  const { above, ...place } = source;
  const suffix = inner.length > 0 ? ` (${inner.join(", ")})` : "";
  if (words === undefined) return [{ ...place, line: line + above, what: `${what}${suffix}`, rank, rule }];
  // Decoded text has no lines in the file.
  return mnemonicsIn(words).map((mnemonic) => ({
    ...place,
    line: line + above + (isDecoded ? 0 : mnemonic.line),
    what: `${what} of ${mnemonic.length} words${suffix}`,
    // The longest comes first: a piece of a file that ends within a mnemonic can contain a shorter one.
    rank: rank - mnemonic.length / 100,
  }));
}

/** The first finding of each line, by the order of contents and rules, without those that an earlier place has as well. */
function onePerLine(found: readonly Ranked[]): Found[] {
  const sorted = found.toSorted((a, b) => a.order - b.order || a.line - b.line || a.rank - b.rank);
  const lines = new Set<string>();
  const told = new Set<string>();
  const key = (...parts: (string | number)[]) => parts.join("\0");
  return sorted.flatMap(({ path, place, line, what, rule }) => {
    // The line below the header of a PEM file belongs to the same key.
    const isBody = rule === "private-key-der" && told.has(key(path, line - 1, what));
    const isNew = !isBody && !lines.has(key(path, line, place)) && !told.has(key(path, line, what));
    lines.add(key(path, line, place));
    told.add(key(path, line, what));
    return isNew ? [{ path, place, line, what }] : [];
  });
}

/** In memory where that is possible: hundreds of small files take a disk longer than gitleaks takes for them. */
const temporaryFolder = () => (process.env.TMPDIR ? undefined : memoryFolder()) ?? tmpdir();

/** Makes a folder that only this user can read, for as long as some work takes. A signal that ends the process removes it. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(temporaryFolder(), "mezo-secrets-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const end = (signal: NodeJS.Signals) => {
    remove();
    process.kill(process.pid, signal);
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.once(signal, end);
  try {
    return await work(folder);
  } finally {
    for (const signal of signals) process.off(signal, end);
    remove();
  }
}
