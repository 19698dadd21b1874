/** A word as a POSIX shell reads it: itself where that is safe, otherwise in quotes. */
export const shellWord = (word: string) =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
