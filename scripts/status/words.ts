/** A time span in words: "40 s", "12 min", "3.5 h", "2.1 days". */
export function span(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds / 1000);
  if (seconds < 90) return `${Math.round(seconds)} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${rounded(seconds / 3600)} h`;
  return `${rounded(seconds / 86_400)} days`;
}

const rounded = (value: number) => String(Math.round(value * 10) / 10);

/** A number of things: "1 validator", "3 validators". */
export const countOf = (number: number, thing: string) => `${number} ${thing}${number === 1 ? "" : "s"}`;
