import { validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { lineBreaks } from "./readable.ts";

// BIP 39: 12 to 24 words of its list, the last of which holds a checksum.
const lengths = [24, 21, 18, 15, 12];
const words = new Set(wordlist);

// In code a line break is written `\n`: its letter is not part of the next word.
const word = /(?:\\[nrt])|([a-z]+)/gi;

/**
 * A rule for gitleaks, in TOML, that finds candidates: twelve or more words of the list, with anything but letters between
 * them. They may stand in one line, in a table, or one on each line. The group that counts as the secret is empty, because
 * gitleaks' own allowlist ignores every secret that contains `false`, which is a word of the list.
 */
export const mnemonicRule = `
[[rules]]
id = "mnemonic"
description = "a mnemonic"
regex = '''(?i)\\b(?:\\d{1,2}[^a-z\\d]{0,10})?()(?:(?:${wordlist.join("|")})(?:(?:\\\\[nrt]|[^a-z]){1,60}|\\z)){12,}'''
secretGroup = 1
`;

/** A mnemonic: how many words it has, and how many lines of the text are above its first. */
export interface Mnemonic {
  length: number;
  line: number;
}

/**
 * Every mnemonic in a run of words, whatever is between them. A wrong checksum rules out a mnemonic, and so does the
 * alphabetical order of the list itself.
 */
export function mnemonicsIn(run: string): Mnemonic[] {
  const byNumber = numbered(run);
  return byNumber ? [byNumber] : inOrder(run);
}

function inOrder(run: string): Mnemonic[] {
  const tokens = tokensOf(run);
  const found: Mnemonic[] = [];
  for (let start = 0; start < tokens.length; start++) {
    const length = lengthAt(tokens.slice(start, start + 24).map(({ letters }) => letters));
    if (length === undefined) continue;
    found.push({ length, line: lineBreaks(run.slice(0, tokens[start]?.index)) });
    start += length - 1;
  }
  return found;
}

/** The words of a run. When each has the label "word", as in "word 1: …", the labels are left out, though the list has it. */
function tokensOf(run: string) {
  const tokens = [...run.matchAll(word)].flatMap(({ 1: letters, index }) =>
    letters === undefined ? [] : [{ letters: letters.toLowerCase(), index }],
  );
  const unlabelled = tokens.filter(({ letters }) => letters !== "word");
  return unlabelled.length * 2 <= tokens.length + 1 ? unlabelled : tokens;
}

/** A mnemonic whose words are numbered. They may be in columns, with the next word below and not beside. */
function numbered(run: string): Mnemonic | undefined {
  const entries = [...run.matchAll(/(\d{1,2})[^a-z\d]{0,10}([a-z]{3,8})/gi)];
  const byNumber = new Map(entries.map(([, number, letters = ""]) => [Number(number), letters.toLowerCase()]));
  const ordered = entries.flatMap((_, i) => byNumber.get(i + 1) ?? []);
  const length = ordered.length === entries.length ? lengthAt(ordered) : undefined;
  if (length === undefined || length !== ordered.length) return undefined;
  return { length, line: lineBreaks(run.slice(0, entries[0]?.index)) };
}

/** The length of the longest mnemonic at the start of some words. */
function lengthAt(tokens: readonly string[]): number | undefined {
  const known = tokens.findIndex((token) => !words.has(token));
  const run = known === -1 ? tokens.length : known;
  const isList = tokens.slice(0, 12).every((token, i) => i === 0 || token > (tokens[i - 1] ?? ""));
  if (isList) return undefined;
  return lengths.find((each) => each <= run && validateMnemonic(tokens.slice(0, each).join(" "), wordlist));
}
