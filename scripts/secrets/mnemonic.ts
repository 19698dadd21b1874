import { validateMnemonic } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";

// BIP 39: 12 to 24 words of its list, the last of which holds a checksum.
const lengths = [24, 21, 18, 15, 12];
const words = new Set(wordlist);

// A line break in a string of code is written `\n`: its letter is no part of the next word.
const word = /(?:\\[nrt])|([a-z]+)/gi;

/**
 * A rule for gitleaks, in TOML, which finds what may be a mnemonic: twelve or more words of the list with anything but
 * letters between them, in a line, a table or a list, one a line. The group that is the secret is empty: gitleaks' own
 * allowlist excuses what has `false` in it, and that is a word of the list.
 */
export const mnemonicRule = `
[[rules]]
id = "mnemonic"
description = "a mnemonic"
regex = '''(?i)\\b(?:\\d{1,2}[^a-z\\d]{0,10})?()(?:(?:${wordlist.join("|")})(?:(?:\\\\[nrt]|[^a-z]){1,60}|\\z)){12,}'''
secretGroup = 1
`;

/** A mnemonic in a text: how many words it has, and how many lines below the text's first it begins. */
export interface Mnemonic {
  length: number;
  line: number;
}

/**
 * Every mnemonic in a run of words, whatever stands between them. Words whose checksum is wrong are none, nor are those
 * of the list in its own order.
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

/** The words of a run. Where each has the label "word", as in "word 1: …", the labels are none, though the list has it. */
function tokensOf(run: string) {
  const tokens = [...run.matchAll(word)].flatMap(({ 1: letters, index }) =>
    letters === undefined ? [] : [{ letters: letters.toLowerCase(), index }],
  );
  const unlabelled = tokens.filter(({ letters }) => letters !== "word");
  return unlabelled.length * 2 <= tokens.length + 1 ? unlabelled : tokens;
}

/** A mnemonic whose words have numbers, in lines or in columns, where the next one may be below. */
function numbered(run: string): Mnemonic | undefined {
  const entries = [...run.matchAll(/(\d{1,2})[^a-z\d]{0,10}([a-z]{3,8})/gi)];
  const byNumber = new Map(entries.map(([, number, letters = ""]) => [Number(number), letters.toLowerCase()]));
  const ordered = entries.flatMap((_, i) => byNumber.get(i + 1) ?? []);
  const length = ordered.length === entries.length ? lengthAt(ordered) : undefined;
  if (length === undefined || length !== ordered.length) return undefined;
  return { length, line: lineBreaks(run.slice(0, entries[0]?.index)) };
}

const lineBreaks = (text: string) => text.split("\n").length - 1;

/** Length of the longest mnemonic that some words begin with. */
function lengthAt(tokens: readonly string[]): number | undefined {
  const known = tokens.findIndex((token) => !words.has(token));
  const run = known === -1 ? tokens.length : known;
  const isList = tokens.slice(0, 12).every((token, i) => i === 0 || token > (tokens[i - 1] ?? ""));
  if (isList) return undefined;
  return lengths.find((each) => each <= run && validateMnemonic(tokens.slice(0, each).join(" "), wordlist));
}
