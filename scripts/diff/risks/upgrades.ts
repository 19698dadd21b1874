import { lineOf } from "generators/mezod/releases.ts";
import { compareVersions, isVersion } from "generators/mezod/version.ts";
import { forkOf, releaseIn } from "generators/network/release.ts";
import { plannedIn } from "../../objects/upgrades.ts";
import { nodeContainer, type ValidatorSet } from "../../objects/validators.ts";
import { keptValidators, mayHaveChain, type Push } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";

const risk = "may halt the chain";

/** Releases and plans that change: what the chain can't pass, or not by all validators alike. */
export function* upgrades(push: Push): Iterable<Consequence> {
  if (!push.network || !mayHaveChain(push)) return;
  yield* plans(push);
  yield* releases(push);
  const skip = keptValidators(push).filter(({ was, is }) => skipped(was) !== skipped(is));
  if (skip.length > 0) {
    const names = listed(skip.map(({ name }) => name));
    const message = `${names} pass${skip.length === 1 ? "es" : ""} ${skipped((skip[0] as { is: ValidatorSet }).is) || "no height"} without an upgrade: nodes that disagree about it make no block together.`;
    yield { risk, message };
  }
}

function* plans({ was, is, network }: Push): Iterable<Consequence> {
  const [before, now] = [plannedIn(was.manifests), plannedIn(is.manifests)];
  if (now && (now.name !== before?.name || now.height !== before?.height)) {
    const message = `Every validator stops at height ${now.height} for the plan ${now.name}, and starts again with ${now.tag ?? "the new release"} by itself, if the chain has that plan.`;
    yield { risk, message, reason: `the network declares the upgrade ${now.name}` };
  }
  const isFinished = before?.tag !== undefined && network?.image.tag === before.tag;
  if (before && now?.name !== before.name && !isFinished) {
    const message = `The pods have no ${before.tag ?? "new release"} for the plan ${before.name} any more: at height ${before.height} every validator stops, if the chain still has that plan.`;
    yield { risk, message };
  }
}

/** Another line of releases than the chain runs, unless the pods of the commit before had it ready for a plan. */
function* releases(push: Push): Iterable<Consequence> {
  const ready = plannedIn(push.was.manifests)?.tag;
  const changes = keptValidators(push).flatMap(({ name, was, is }) => {
    const [before, now] = [tagOf(was), tagOf(is)];
    return before !== now && now !== ready && isOtherLine(before, now) ? [{ name, before, now }] : [];
  });
  for (const [pair, group] of Map.groupBy(changes, ({ before, now }) => `${before} ${now}`)) {
    const [before = "", now = ""] = pair.split(" ");
    const names = listed(group.map(({ name }) => name));
    const isBack = isVersion(before) && isVersion(now) && compareVersions(now, before) < 0;
    const what = isBack
      ? "an older release may not read what the newer one wrote"
      : "the two may not agree about a block";
    yield {
      risk,
      message: `${names} change${group.length === 1 ? "s" : ""} from ${before} to ${now}: ${what}.`,
      ...named(push, now),
    };
  }
}

/** The network says before which height a fork's release runs. */
function named({ network }: Push, tag: string) {
  const fork = network && forkOf(network);
  return fork && releaseIn(fork) === tag
    ? { reason: `the network declares the fork before height ${fork.before}` }
    : {};
}

/** The tag of a validator's image, or its digest. */
const tagOf = (set: ValidatorSet) => /[:@]([^:/]+(?::[0-9a-f]{64})?)$/.exec(nodeContainer(set)?.image ?? "")?.[1] ?? "";

const isOtherLine = (one: string, other: string) => {
  const lines = [lineOf(one), lineOf(other)];
  // Of an image that is known by its digest nobody knows the line here.
  return lines[0] === undefined || lines[0] !== lines[1];
};

const skipped = (set: ValidatorSet) => {
  const words = nodeContainer(set)?.command ?? [];
  const place = words.indexOf("--unsafe-skip-upgrades");
  return place === -1 ? "" : (words[place + 1] ?? "");
};
