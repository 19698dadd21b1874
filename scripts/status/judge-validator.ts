import { signerAddress } from "generators/mezod/address.ts";
import { nodeName } from "generators/network/names.ts";
import type { Network } from "generators/network/schema.ts";
import { inMaintenance, isPaused, running } from "generators/network/validators.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { ChainFacts, PodFacts, StatusFacts, ValidatorFacts } from "./facts.ts";
import { isSyncing } from "./judge-argocd.ts";
import { isHalted } from "./judge-chain.ts";
import { countOf, span } from "./words.ts";

const minute = 60_000;
const patience = 15 * minute;
const hour = 60 * minute;
// A node that is in step is behind by the block that is on its way, and one for each look after another.
export const inStep = 5;

/** One validator: its pod, its node, its vote and its disk. Without anything to say, that it signs. */
export function judgeValidator(network: Network, facts: StatusFacts, validator: ValidatorFacts): Verdict[] {
  const { index, pod } = validator;
  const about = nodeName(network, index);
  if (isPaused(network, index)) return [judgePaused(network, about, validator)];
  if (!pod) {
    const remedy = `See why: kubectl describe statefulset ${about}.`;
    if (isSyncing(facts.argocd)) return [warning(about, "has no pod, while a sync goes on", remedy)];
    return [error(about, "has no pod", remedy)];
  }
  if (inMaintenance(network, index)) return [ok(about, "is in maintenance: no node runs in its pod")];
  const found = [
    ...judgePod(about, pod, facts.now),
    ...judgeNode(network, about, facts, validator),
    ...judgeDisk(about, validator),
  ];
  return found.length > 0 ? found : [ok(about, "runs and signs")];
}

function judgePaused({ paused }: Network, about: string, { index, pod }: ValidatorFacts): Verdict {
  const { reason } = paused.find(({ validator }) => validator === index) ?? { reason: "" };
  if (!pod || pod.isGoing) return ok(about, `is paused: ${reason}`);
  return error(about, `is paused, and its pod ${pod.name} is there`, "Let Argo CD sync; until then its key signs.");
}

/** What there is to say of a node's pod; nothing where it is well. */
export function judgePod(about: string, pod: PodFacts, now: number): Verdict[] {
  const found: Verdict[] = [];
  const { lastEnd, restarts } = pod;
  const describe = `See kubectl describe pod ${pod.name}, and docs/runbooks/stuck-rollout.md.`;
  const since = span(now - pod.since);
  if (pod.isGoing) found.push(ok(about, "ends now, and starts anew"));
  else if (pod.reason && !pod.isReady) found.push(error(about, `does not run: ${pod.reason}`, describe));
  else if (!pod.isReady) {
    const judge = now - pod.since > patience ? error : warning;
    found.push(judge(about, `is not ready since ${since} (${pod.phase})`, describe));
  }
  const isOom = lastEnd?.reason === "OOMKilled";
  if (lastEnd && now - lastEnd.at < (isOom ? 24 * hour : hour)) {
    const times = `${countOf(restarts, "restart")}, the last ${span(now - lastEnd.at)} ago`;
    found.push(
      isOom
        ? error(
            about,
            `was killed for its memory: ${times}`,
            "Raise resources.memory, or lower what the node keeps in memory.",
          )
        : warning(about, `has ended with ${lastEnd.reason}: ${times}`, `Read kubectl logs ${pod.name} --previous.`),
    );
  }
  return found;
}

function judgeNode(
  network: Network,
  about: string,
  facts: StatusFacts,
  { index, pod, node }: ValidatorFacts,
): Verdict[] {
  if ("unknown" in node) {
    // A pod that is not ready has said why already.
    if (!pod?.isReady) return [];
    return [
      warning(
        about,
        `has a ready pod whose node does not answer (${node.unknown})`,
        "See that you may forward ports of pods (pods/portforward).",
      ),
    ];
  }
  if ("unknown" in facts.chain) return [];
  const chain = facts.chain.value;
  const { height, isCatchingUp, peers } = node.value;
  const halted = isHalted(network, chain, facts.now);
  const found: Verdict[] = [];
  if (isCatchingUp) {
    found.push(
      warning(
        about,
        `catches up: it is at ${height}, the chain at ${chain.height}`,
        "Wait; docs/runbooks/state-sync.md if it never gets there.",
      ),
    );
  } else if (chain.height - height > inStep) {
    found.push(
      error(
        about,
        `stands at height ${height} while the chain is at ${chain.height}`,
        `Look for CONSENSUS FAILURE in kubectl logs ${pod?.name}; then delete that pod.`,
      ),
    );
  }
  const others = running(network).length - 1;
  if (peers === 0 && others > 0) {
    found.push(error(about, "has no peer", "See that the others run, and that policies and DNS let it reach them."));
  } else if (peers < others) {
    found.push(
      warning(
        about,
        `has ${countOf(peers, "peer")} of ${others}`,
        "See whether the others run; peers come back by themselves.",
      ),
    );
  }
  return halted ? found : [...found, ...judgeVotes(network, about, chain, index, isSyncing(facts.argocd))];
}

/** How many of the newest commits a validator signed; undefined where the chain does not count it among its validators. */
export function votesOf(network: Network, { commits, members }: ChainFacts, index: number): number | undefined {
  const key = network.validators.find((each) => each.index === index)?.consensusPubKey ?? "";
  const address = Buffer.from(signerAddress(key), "base64").toString("hex").toUpperCase();
  if (!members.includes(address)) return undefined;
  return commits.filter(({ signed }) => signed.includes(address)).length;
}

function judgeVotes(network: Network, about: string, chain: ChainFacts, index: number, isRolling: boolean): Verdict[] {
  const votes = votesOf(network, chain, index);
  const all = chain.commits.length;
  if (votes === undefined) {
    return [
      warning(
        about,
        "is not among the chain's validators",
        "Let it join, or take it out of the network: docs/networks.md.",
      ),
    ];
  }
  if (all === 0 || votes === all) return [];
  const says = `signed ${votes} of the last ${countOf(all, "block")}`;
  const judge = votes === 0 && !isRolling ? error : warning;
  return [judge(about, says, `Look at kubectl logs ${about}-0 if it stays so.`)];
}

/** Whether a node's volume fills up. */
export function judgeDisk(about: string, { disk }: Pick<ValidatorFacts, "disk">): Verdict[] {
  if ("unknown" in disk) return [];
  const percent = percentOf(disk.value);
  const remedy = "Grow the volume: docs/runbooks/grow-a-volume.md.";
  if (percent >= 95) return [error(about, `has a volume that is ${percent} % full`, remedy)];
  return percent >= 85 ? [warning(about, `has a volume that is ${percent} % full`, remedy)] : [];
}

/** How full a disk is, in percent. */
export const percentOf = ({ used, capacity }: { used: number; capacity: number }) =>
  Math.round((100 * used) / capacity);
