import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type { Content, Place } from "./content.ts";
import { gitleaks, type Leak } from "./gitleaks.ts";
import { mnemonicsIn } from "./mnemonic.ts";
import { archiveExtension, readable } from "./readable.ts";

/** A secret: where it begins, and what it is. Never the secret itself. */
export interface Found {
  path: string;
  place: Place;
  line: number;
  what: string;
}

/** What was not looked through, or not wholly. */
export interface Unread {
  path: string;
  place: Place;
  why: "size" | "archive";
}

/** The secrets of some contents, one a line, what was not looked through, and how many contents there were. */
export interface Scan {
  found: Found[];
  unread: Unread[];
  count: number;
}

// What the chain's own programs write, and stores of keys in formats of their own: a secret, whatever stands in it.
const names: [pattern: RegExp, what: string][] = [
  [/(^|\/)(node_key|priv_validator_key)\.json$/, "a node's key file"],
  [/(^|\/)keyring_password\.txt$/, "a keyring's password"],
  [/(^|\/)mnemonic\.txt$/, "a mnemonic"],
  [/(^|\/)keyring-[a-z]+\//, "a keyring"],
  [/\.(p12|pfx|jks|keystore|kdbx)$|(^|\/)(wallet\.dat|secring\.gpg)$/i, "a store of private keys"],
  [/(^|\/)\.pgpass$/, "a password"],
];

/** Something found, with what it is sorted by: the place of its content among all, and of its rule. */
type Ranked = Found & { order: number; rank: number; rule?: string };

/** A file that gitleaks looks through: of which content it is a piece, and how many lines are above it. */
type Source = Pick<Found, "path" | "place"> & { order: number; above: number };

/**
 * Looks for secrets with gitleaks. It gets each content in a form that it can read, and without its name: its own rules
 * pass over some.
 *
 * @throws {OperatorError} when gitleaks fails.
 */
export const scan = (contents: AsyncIterable<Content> | Iterable<Content>): Promise<Scan> =>
  inFolder(async (folder) => {
    const sources = new Map<string, Source>();
    const named: Ranked[] = [];
    const unread: Unread[] = [];
    let count = 0;
    for await (const { path, place, bytes } of contents) {
      const order = count++;
      // Programs that run beside it are waited for in between.
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
    const leaks = sources.size > 0 ? await gitleaks(folder) : [];
    return { found: onePerLine([...named, ...leaks.flatMap((leak) => ranked(leak, sources))]), unread, count };
  });

function ranked(
  { file, line, rule, what, rank, words, isDecoded }: Leak,
  sources: ReadonlyMap<string, Source>,
): Ranked[] {
  const [name = "", ...inner] = file.split("!");
  const source = sources.get(name);
  if (!source) throw new Error(`gitleaks names a file that it was not given: ${name}`);
  const { above, ...place } = source;
  const suffix = inner.length > 0 ? ` (${inner.join(", ")})` : "";
  if (words === undefined) return [{ ...place, line: line + above, what: `${what}${suffix}`, rank, rule }];
  // What stands in base64 has no lines of its own.
  return mnemonicsIn(words).map((mnemonic) => ({
    ...place,
    line: line + above + (isDecoded ? 0 : mnemonic.line),
    what: `${what} of ${mnemonic.length} words${suffix}`,
    // The longest one: where a piece of a file ends in it, the piece may have a shorter one.
    rank: rank - mnemonic.length / 100,
  }));
}

/** The first of each line, by the order of contents and rules. What is in a later place, too, is told once. */
function onePerLine(found: readonly Ranked[]): Found[] {
  const sorted = found.toSorted((a, b) => a.order - b.order || a.line - b.line || a.rank - b.rank);
  const lines = new Set<string>();
  const told = new Set<string>();
  const key = (...parts: (string | number)[]) => parts.join("\0");
  return sorted.flatMap(({ path, place, line, what, rule }) => {
    // Below the first line of a PEM file is the same key.
    const isBody = rule === "private-key-der" && told.has(key(path, line - 1, what));
    const isNew = !isBody && !lines.has(key(path, line, place)) && !told.has(key(path, line, what));
    lines.add(key(path, line, place));
    told.add(key(path, line, what));
    return isNew ? [{ path, place, line, what }] : [];
  });
}

/** Does something with a folder that nobody else can read, and that is gone afterwards, even when this process is ended. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "mezo-secrets-"));
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
