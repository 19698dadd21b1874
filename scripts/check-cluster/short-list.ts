/** The first of some things, and how many there are besides. */
export function shortList(all: readonly string[], shown: number): string {
  const more = all.length - shown;
  return `${all.slice(0, shown).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
