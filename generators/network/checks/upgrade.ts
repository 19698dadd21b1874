import type { Line } from "../../mezod/line.ts";
import { blocksOn, heightOfStop, isInTable, knownLine } from "../../mezod/upgrade-path.ts";
import { compareVersions, isVersion } from "../../mezod/version.ts";
import type { Problem } from "../problem.ts";
import { type Fork, forkOf, type Plan, planOf, releaseIn } from "../release.ts";
import type { Network } from "../schema.ts";
import { type Check, repeated } from "./check.ts";

// Image volumes are on by default since Kubernetes 1.35: its feature gate ImageVolume.
const imageVolumes = 35;

/** A pod can't carry two releases on an older Kubernetes. */
function* kubernetes(network: Network): Iterable<Problem> {
  const plan = planOf(network);
  const version = network.gke?.version;
  if (!plan || version === undefined || Number(version.split(".")[1]) >= imageVolumes) return;
  const message = `needs GKE 1.${imageVolumes} or newer, and gke.version is ${version}: raise it once the cluster runs that, or take the field out and go by docs/runbooks/planned-halt.md`;
  yield { path: ["upgrade"], value: plan, message };
}

function* alone({ stagedUpgrade, upgrade }: Network): Iterable<Problem> {
  if (!upgrade || !stagedUpgrade) return;
  const message = "must be finished first: while `upgrade` is set, all validators run one release";
  yield { path: ["stagedUpgrade"], value: stagedUpgrade, message };
}

function* later({ image, upgrade }: Network): Iterable<Problem> {
  // checks/image.ts refuses what is no release.
  if (!upgrade || ![image, upgrade].map(releaseIn).every(isVersion)) return;
  if (compareVersions(releaseIn(upgrade), releaseIn(image)) > 0) return;
  yield ofRelease(upgrade, `must be a later release than ${releaseIn(image)}, which the network runs`);
}

/** A problem with the release that the upgrade names. */
const ofRelease = (upgrade: Plan | Fork, message: string): Problem => ({
  path: ["upgrade", upgrade.release === undefined ? "tag" : "release"],
  value: releaseIn(upgrade),
  message,
});

/** What the table of releases knows of the switch. */
function* knownSwitch(network: Network): Iterable<Problem> {
  const { image, upgrade } = network;
  const line = upgrade && knownLine(releaseIn(upgrade));
  if (!line) return;
  if (line === knownLine(releaseIn(image))) {
    const message = `is of the line that the network runs (${line.run}): the chain does not switch for it, so set image.tag`;
    yield ofRelease(upgrade, message);
  } else {
    yield* kindOfSwitch(network, upgrade, line);
    yield* heightOfSwitch(network, upgrade, line);
  }
}

function* kindOfSwitch(network: Network, upgrade: Plan | Fork, { entered, run }: Line): Iterable<Problem> {
  const [plan, fork] = [planOf(network), forkOf(network)];
  if (entered.by === "genesis") {
    yield ofRelease(upgrade, `is of the line of ${run}, with which a chain begins: no chain upgrades to it`);
  } else if (fork && entered.by === "halt") {
    const message = `must be name and height: the chain halts for ${run}, by the plan ${entered.plan}`;
    yield { path: ["upgrade", "before"], value: fork.before, message };
  } else if (plan && entered.by === "fork") {
    const message = `must be left out: ${run} forks the chain without a plan, so write { before: <height>, tag: "${run}" }`;
    yield { path: ["upgrade", "name"], value: plan.name, message };
  } else if (plan && entered.by === "halt" && entered.plan !== plan.name) {
    const message = `must be ${entered.plan}: ${run} has a handler for the plan of that name`;
    yield { path: ["upgrade", "name"], value: plan.name, message };
  }
}

function* heightOfSwitch({ chain, image }: Network, upgrade: Plan | Fork, line: Line): Iterable<Problem> {
  if (!isInTable(chain.id)) return;
  const [field, value] =
    "height" in upgrade ? (["height", upgrade.height] as const) : (["before", upgrade.before] as const);
  const [first] = blocksOn(line, chain.id) ?? [];
  const [, end] = blocksOn(knownLine(releaseIn(image)) ?? line, chain.id) ?? [];
  if (first === undefined) {
    yield ofRelease(upgrade, `is of the line of ${line.run}, which ${chain.id} never runs`);
  } else if (end !== undefined && end !== first) {
    yield ofRelease(upgrade, `must be the release after ${releaseIn(image)}, which ${chain.id} leaves at block ${end}`);
  } else if (value !== first) {
    const message = `must be ${first}, the first block that ${line.run} makes on ${chain.id}`;
    yield { path: ["upgrade", field], value, message };
  }
}

function* skipped(network: Network): Iterable<Problem> {
  const heights = network.emergency?.skipUpgrades ?? [];
  const path = ["emergency", "skipUpgrades"];
  for (const [position] of repeated(heights)) {
    yield { path: [...path, position], value: heights[position], message: "is listed twice" };
  }
  const plan = planOf(network);
  if (!plan) return;
  const stop = heightOfStop(plan, releaseIn(plan));
  for (const [position, value] of heights.entries()) {
    const is = value === plan.height ? "is upgrade.height" : "is where nodes stop for `upgrade`";
    const message = `${is}: a plan is either carried out or skipped, so take one of them out`;
    if (value === plan.height || value === stop) yield { path: [...path, position], value, message };
  }
}

export const upgradeChecks: Check[] = [kubernetes, alone, later, knownSwitch, skipped];
