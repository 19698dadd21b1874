import { stillSeconds } from "generators/mezod/pace.ts";
import { forkOf, planOf } from "generators/network/release.ts";
import { tolerated } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { ChainFacts, StatusFacts } from "./facts.ts";
import { isSyncing } from "./judge-argocd.ts";
import { countOf, span } from "./words.ts";

const about = "chain";
const day = 24 * 60 * 60 * 1000;

/** Whether blocks are made, who signs them, and what is planned. */
export function judgeChain(network: Network, facts: StatusFacts): Verdict[] {
  if ("unknown" in facts.chain) {
    const says = `shows nothing: ${facts.chain.unknown}`;
    if (network.lifecycle === "new") return [warning(about, says, "It is new: wait until the first sync is through.")];
    return [error(about, says, "See why no pod runs: the lines of the validators say it.")];
  }
  const chain = facts.chain.value;
  if (chain.height === 0) {
    return [warning(about, "has no block yet", "It begins when more than two thirds of the validators run.")];
  }
  return [
    judgeBlocks(network, chain, facts.now),
    judgeSigners(chain, isSyncing(facts.argocd)),
    ...judgePlan(network, chain, facts),
  ];
}

/** Whether the chain has made no block for so long that it counts as halted. */
export const isHalted = (network: Network, { time }: ChainFacts, now: number): boolean =>
  now - time > stillSeconds(network) * 1000;

function judgeBlocks(network: Network, chain: ChainFacts, now: number): Verdict {
  const { height, time } = chain;
  if (!isHalted(network, chain, now)) return ok(about, `is at height ${height}, made ${span(now - time)} ago`);
  const plan = planAt(chain);
  const atPlan = plan !== undefined && height >= plan.height - 1 && height <= plan.height + 1;
  return error(
    about,
    `stands still at height ${height} since ${span(now - time)}${atPlan ? `: the plan ${plan.name} stops it at ${plan.height}` : ""}`,
    atPlan
      ? "Read docs/runbooks/planned-halt.md."
      : "More than two thirds must run and sign: bring back those validators that do not.",
  );
}

const planAt = ({ plan }: ChainFacts) => ("value" in plan ? plan.value : undefined);

/** Who signed the newest commit, against how many the chain can lose. */
function judgeSigners({ commits, height }: ChainFacts, isRolling: boolean): Verdict {
  const [newest] = commits;
  if (!newest) return ok(about, `has no commit yet at height ${height}`);
  const { signed, all } = newest;
  const absent = all - signed.length;
  if (absent === 0) return ok(about, `is signed by all ${countOf(all, "validator")}`);
  const spare = tolerated(all) - absent;
  const says = `is signed by ${signed.length} of ${countOf(all, "validator")}`;
  if (spare < 0) return error(about, `${says}: too few for another block`, "Bring back those that do not sign.");
  if (spare > 0)
    return warning(about, `${says}, and tolerates ${spare} more down`, "Bring back those that do not sign.");
  const last = `${says}: one more down stops it`;
  if (isRolling) return warning(about, `${last}, while a sync goes on`, "Wait for the sync; restart nothing by hand.");
  return error(about, last, "Bring back those that do not sign, and restart nothing else meanwhile.");
}

function judgePlan(network: Network, chain: ChainFacts, facts: StatusFacts): Verdict[] {
  const fork = forkOf(network);
  const forks =
    fork && fork.before > chain.height
      ? [ok(about, `passes the fork at ${fork.before} in ${distance(chain, fork.before)}`)]
      : [];
  if ("unknown" in chain.plan) {
    return [
      ...forks,
      warning(
        about,
        `does not say what upgrade is planned (${chain.plan.unknown})`,
        "Ask a node: mezod query upgrade plan.",
      ),
    ];
  }
  const [planned, declared] = [chain.plan.value, planOf(network)];
  if (!planned) {
    if (!declared || declared.height <= chain.height) return forks;
    return [
      ...forks,
      warning(
        about,
        `has no plan, but the network declares ${declared.name} at height ${declared.height}`,
        "See that the proposal or the owner's transaction went through.",
      ),
    ];
  }
  if (planned.height <= chain.height) return forks;
  const says = `stops for ${planned.name} at height ${planned.height}, in ${distance(chain, planned.height)}`;
  if (!declared || declared.name !== planned.name || declared.height !== planned.height) {
    const near = (planned.height - chain.height) * chain.blockSeconds * 1000 < day;
    const other = declared
      ? `the network declares ${declared.name} at ${declared.height}`
      : "the network does not declare it";
    return [
      ...forks,
      (near ? error : warning)(
        about,
        `${says}, and ${other}`,
        "Declare the field upgrade, and push: docs/upgrades.md.",
      ),
    ];
  }
  const nodes = [...facts.validators, ...facts.keyless];
  const without = nodes.filter(({ pod }) => pod && !pod.nextImage).length;
  if (without > 0) {
    return [
      ...forks,
      error(
        about,
        `${says}, and ${countOf(without, "pod")} of ${nodes.length} do not hold that release`,
        "Wait for the rollout, or see why it stands.",
      ),
    ];
  }
  return [...forks, ok(about, says)];
}

const distance = ({ height, blockSeconds }: ChainFacts, target: number) =>
  `${countOf(target - height, "block")}${blockSeconds > 0 ? ` (about ${span((target - height) * blockSeconds * 1000)})` : ""}`;
