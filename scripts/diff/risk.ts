import { acceptedRisks } from "generators/network/accepted-risks.ts";

/** What a push may do, the worst first. What it does not do at all is no risk. */
export const risks = [
  ...acceptedRisks,
  "signs from another place",
  "loses a volume",
  "becomes public or loses protection",
  "restarts validators",
  "restarts something else",
  "changes without a restart",
] as const;

export type Risk = (typeof risks)[number];

/** One thing that a push does, in a plain sentence. */
export interface Consequence {
  risk: Risk;
  message: string;
  /** The rule by which `pnpm validate` refuses it. */
  refusedBy?: string;
  /** Why the network's description says that it is meant, where it says so in another field than `accept`. */
  reason?: string;
}

/** Consequences, the worst first, and each once. */
export function byRisk(consequences: Iterable<Consequence>): Consequence[] {
  const unique = new Map([...consequences].map((each) => [`${each.risk} ${each.message}`, each]));
  return [...unique.values()].sort((one, other) => risks.indexOf(one.risk) - risks.indexOf(other.risk));
}

/** Names as a sentence has them, those of validators in a row by the first and the last: "mezo-node-0 to mezo-node-4". */
export function listed(names: readonly string[]): string {
  const [, stem, first] = /^(.*?)(\d+)$/.exec(names[0] ?? "") ?? [];
  const isRow = names.length > 2 && names.every((name, i) => name === `${stem}${Number(first) + i}`);
  if (isRow) return `${names[0]} to ${names.at(-1)}`;
  return names.length < 3 ? names.join(" and ") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
