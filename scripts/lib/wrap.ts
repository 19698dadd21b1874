/**
 * A text in lines of at most some columns.
 *
 * @param indent what stands before each line but the first, beside those columns.
 */
export function wrap(text: string, columns: number, indent: string): string {
  const lines: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const line = lines.at(-1);
    // A word that is longer than a line, such as an image's digest, has one of its own.
    if (line === undefined || line.length + 1 + word.length > columns) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.join(`\n${indent}`);
}
