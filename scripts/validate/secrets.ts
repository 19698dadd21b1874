import { readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { lintSource } from "@secretlint/core";
import { creator as recommended } from "@secretlint/secretlint-rule-preset-recommend";
import type { Finding } from "../lib/finding.ts";

/** A file's text. */
export interface Text {
  path: string;
  text: string;
}

/** A secret in a text: where it begins, and what it is. Never the secret itself. */
export interface Found {
  path: string;
  line: number;
  what: string;
}

// What the chain's own programs write. Names first: such a file is one whatever it holds.
const names: [pattern: RegExp, what: string][] = [
  [/(^|\/)(node_key|priv_validator_key)\.json$/, "a node's key file"],
  [/(^|\/)keyring_password\.txt$/, "a keyring's password"],
  [/(^|\/)mnemonic\.txt$/, "a mnemonic"],
  [/(^|\/)keyring-[a-z]+\//, "a keyring"],
];

const patterns: [pattern: RegExp, what: string][] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----/g, "a private key"],
  [/"priv_key"\s*:\s*\{[^}]*"value"\s*:\s*"[A-Za-z0-9+/]{40,}=*"/g, "a node's private key"],
  // {"alg":"PBES2-…: an entry of a file keyring.
  [/\beyJhbGciOiJQQkVTMi1[\w-]+\.[\w-]+\.[\w-]+\.[\w-]+/g, "a keyring's entry"],
  [/\$2[aby]\$\d\d\$[./A-Za-z0-9]{53}/g, "a password's hash"],
  [/\bpriv(ate)?_?key["']?\s*[:=]\s*["']?(0x)?[0-9a-f]{64}\b/gi, "a private key in hex"],
  [/^\s*["']?[\w.-]*(password|passphrase)["']?\s*[:=]\s*["']?[^\s"'<>${}()[\],;|]{8,}["']?,?\s*$/gim, "a password"],
  [/\b(wss?|https?):\/\/[^\s"'`/]+\/(ws\/)?v[23]\/[\w-]{32,}/g, "an Ethereum node's URL with its key"],
];

/** Every key, mnemonic and password that some files hold in plain, as file and line. */
export async function secretsIn(root: string, paths: readonly string[]): Promise<Finding[]> {
  const named = paths.flatMap(byName);
  const texts = paths
    .filter((path) => !named.some((found) => found.path === path))
    .flatMap((path): Text[] => {
      const text = readText(join(root, path));
      return text === undefined ? [] : [{ path, text }];
    });
  return [...named, ...(await secretsOf(texts))].map(({ path, line, what }) => ({
    severity: "error",
    object: path,
    field: `line ${line}`,
    message: `holds ${what}`,
  }));
}

const byName = (path: string): Found[] =>
  names.filter(([pattern]) => pattern.test(path)).map(([, what]) => ({ path, line: 1, what }));

/** Every secret in some texts, one a line; a path tells what sort of text it is. */
export async function secretsOf(texts: readonly Text[]): Promise<Found[]> {
  const found: Found[] = [];
  for (const each of texts) {
    found.push(...byPattern(each), ...mnemonics(each));
    // Programs that run beside it are waited for in between.
    await setImmediate();
  }
  found.push(...(await others(texts)));
  const first = new Map(found.toReversed().map((each) => [`${each.path}\0${each.line}`, each]));
  const place = new Map(texts.map(({ path }, i) => [path, i]));
  return [...first.values()].sort((a, b) => (place.get(a.path) ?? 0) - (place.get(b.path) ?? 0) || a.line - b.line);
}

const byPattern = ({ path, text }: Text): Found[] =>
  patterns
    // Code declares passwords without having one.
    .filter(([, what]) => what !== "a password" || !/\.[cm]?[jt]s$/.test(path))
    .flatMap(([pattern, what]) =>
      [...text.matchAll(pattern)].map(({ index }) => ({ path, line: lineAt(text, index), what })),
    );

// BIP 39: 12 to 24 words of its list, the last of which holds a checksum.
const lengths = [24, 21, 18, 15, 12];
const words = new Set(wordlist);

// Words in one line, or one a line in a list, numbered or not.
const runs = /(?:\b[A-Za-z]{3,8}\b[\s"'`,.;:\-\d]*){12,}/g;

function mnemonics({ path, text }: Text): Found[] {
  return [...text.matchAll(runs)].flatMap((run) => {
    const tokens = [...run[0].toLowerCase().matchAll(/[a-z]+/g)].map(([word]) => word);
    const found: Found[] = [];
    for (let start = 0; start < tokens.length; start++) {
      const length = mnemonicAt(tokens.slice(start, start + 24));
      if (length === undefined) continue;
      const at = [...run[0].matchAll(/[A-Za-z]+/g)][start]?.index ?? 0;
      found.push({ path, line: lineAt(text, run.index + at), what: `a mnemonic of ${length} words` });
      start += length - 1;
    }
    return found;
  });
}

/** Length of the longest mnemonic that some words begin with. */
function mnemonicAt(tokens: readonly string[]): number | undefined {
  const known = tokens.findIndex((word) => !words.has(word));
  const run = known === -1 ? tokens.length : known;
  return lengths.find((each) => each <= run && validateMnemonic(tokens.slice(0, each).join(" "), wordlist));
}

/**
 * Keys of clouds, forges and registries, which secretlint knows. It takes its time for each source, so most texts are
 * one: but not those that it reads by their kind, or that tell it to look away.
 */
async function others(texts: readonly Text[]): Promise<Found[]> {
  const isOwn = ({ path, text }: Text) => /\.(json|npmrc|p12)$/.test(path) || text.includes("secretlint-disable");
  const { alone = [], together = [] } = Object.groupBy(texts, (each) => (isOwn(each) ? "alone" : "together"));
  const each = await Promise.all([together, ...alone.map((text) => [text])].map(linted));
  return each.flat();
}

async function linted(texts: readonly Text[]): Promise<Found[]> {
  const [first] = texts;
  if (!first) return [];
  const { messages } = await lintSource({
    source: {
      filePath: `/${first.path}`,
      content: texts.map(({ text }) => `${text}\n`).join(""),
      ext: extname(first.path),
      contentType: "text",
    },
    options: {
      config: { rules: [{ id: "recommended", rule: recommended }] },
      noPhysicFilePath: true,
      maskSecrets: true,
    },
  });
  return messages.flatMap(({ range: [at], ruleId }) => {
    let start = 0;
    for (const { path, text } of texts) {
      if (at <= start + text.length) {
        const what = `a secret (${ruleId.replace("@secretlint/secretlint-rule-", "")})`;
        return [{ path, line: lineAt(text, at - start), what }];
      }
      start += text.length + 1;
    }
    return [];
  });
}

const lineAt = (text: string, index: number) => text.slice(0, index).split("\n").length;

/** A file's text; none for what is no text, or gone. */
function readText(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return bytes.includes(0) ? undefined : bytes.toString("utf8");
  } catch (error) {
    // A link to nowhere, a submodule, a file deleted but not yet from git.
    if (["ENOENT", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
}
