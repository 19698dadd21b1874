import { readFileSync, truncateSync } from "node:fs";

/** What a node's log says that it signed: for which height, round and kind, and for what. */
interface Signed {
  /** Height, round and kind: what a key must sign once at most. */
  slot: string;
  /** The block's hash, or none. Another time of signing is no other vote. */
  content: string;
}

/** The variable by which CometBFT's consensus logs each vote and proposal that it signs. */
export const logsVotes = { MEZOD_LOG_LEVEL: "consensus:debug,*:error" };

/** Reads what a node's log says of its signatures, and empties the log. */
export function takeVotes(log: string): Signed[] {
  const lines = readFileSync(log, "utf8").split("\n");
  truncateSync(log);
  return lines.flatMap((line) => signedIn(line) ?? []);
}

function signedIn(line: string): Signed | undefined {
  // Vote{0:4ECF5AC52150 12/00/SIGNED_MSG_TYPE_PREVOTE(Prevote) CC23E8BE822D 8FC9A9C2800A … @ time}
  const [, slot, content] = /"signed and pushed vote"/.test(line)
    ? (/Vote\{\d+:\w+ (\d+\/\d+\/\w+)\(\w+\) (\w+) /.exec(line) ?? [])
    : [];
  if (slot !== undefined && content !== undefined) return { slot, content };
  // Proposal{12/0 (CC23…:1:E347…, -1) 8FC9… @ time}
  const [, place, block] = /"signed proposal"/.test(line) ? (/Proposal\{(\d+\/\d+) \((\w+):/.exec(line) ?? []) : [];
  return place === undefined || block === undefined ? undefined : { slot: `${place}/proposal`, content: block };
}

/** What one validator has signed so far; `add` returns what it signed twice, in words. */
export function voteRecord(name: string) {
  const record = new Map<string, string>();
  return {
    size: () => record.size,
    add: (votes: readonly Signed[]): string[] =>
      votes.flatMap(({ slot, content }) => {
        const before = record.get(slot);
        record.set(slot, content);
        return before === undefined || before === content
          ? []
          : [`${name} signed ${slot} for ${before} and ${content}`];
      }),
  };
}
