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

/**
 * Names as a sentence has them. Three or more that follow each other are told by the first and the last: "mezo-node-0 to
 * mezo-node-4".
 */
export function listed(names: readonly string[]): string {
  const parts = runs(names).flatMap((run) => (run.length > 2 ? [`${run[0]} to ${run.at(-1)}`] : run));
  return parts.length < 3 ? parts.join(" and ") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

/** Names in their order, those together that count up by one. */
function runs(names: readonly string[]): string[][] {
  const all: string[][] = [];
  for (const name of names) {
    const run = all.at(-1);
    if (run && name === following(run.at(-1) ?? "")) run.push(name);
    else all.push([name]);
  }
  return all;
}

/** The name with the next number: mezo-node-1-connect after mezo-node-0-connect. */
const following = (name: string) => name.replace(/\d+(?=\D*$)/, (number) => String(Number(number) + 1));
