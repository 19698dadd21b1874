import { eventually } from "tools/cluster/wait.ts";

/** A validator of the stand-in's chain, as whoever votes: it sends transactions of its account, and asks the chain. */
export interface Voter {
  /** Runs `mezod tx` with these words. */
  send(words: string): Promise<string>;
  /** Runs `mezod query` with these words; its JSON. */
  query(words: string): Promise<string>;
}

/** What each transaction takes with it: more than a base fee asks for so much gas. */
export const paid = "--gas 500000 --fees 10000000000000000abtc";

/** Makes a plan of x/upgrade on the chain: the first voter proposes it, and all vote for it. Takes half a minute. */
export async function planUpgrade(voters: readonly [Voter, ...Voter[]], name: string, height: number): Promise<void> {
  const [first] = voters;
  const proposal = `--upgrade-height ${height} --title plan --summary plan --deposit 10000000abtc --no-validate`;
  await first.send(`upgrade software-upgrade ${name} ${proposal}`);
  const open = async (): Promise<string | undefined> =>
    JSON.parse(await first.query("gov proposals --proposal-status voting-period")).proposals?.at(-1)?.id;
  const id = await eventually(open, 60, "the proposal");
  await Promise.all(voters.map((voter) => voter.send(`gov vote ${id} yes`)));
  const isPlanned = async () => (await first.query("upgrade plan")).includes(`"${name}"`);
  await eventually(isPlanned, 90, `the plan ${name}`);
}
