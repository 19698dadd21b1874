import { nodeName } from "generators/network/names.ts";
import { tolerated } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import type { Manifest } from "../objects/manifests.ts";
import { type EarlierPlacement, hasRun } from "../objects/placements.ts";
import { keylessNodes, nodeContainer, type ValidatorSet, validatorSets } from "../objects/validators.ts";
import type { ChangedObject, Side } from "./objects.ts";

/** An overlay at two commits, as far as it is known. */
export interface Push {
  /** The overlay's network now; undefined for an overlay that is no network's, or gone. */
  network?: Network | undefined;
  was: Side;
  is: Side;
  /** The objects that differ. */
  objects: readonly ChangedObject[];
  /** Where the network's keys signed before; undefined where it is new. */
  placement?: EarlierPlacement | undefined;
  /** The same of every network at that commit. */
  placements: readonly EarlierPlacement[];
}

/** A validator that is in both commits. */
export interface ValidatorChange {
  name: string;
  was: ValidatorSet;
  is: ValidatorSet;
}

/** The validators that are in both commits. */
export const keptValidators = ({ was, is }: Pick<Push, "was" | "is">): ValidatorChange[] =>
  validatorSets(is.manifests).flatMap((now) => {
    const before = validatorSets(was.manifests).find((each) => isSame(each, now));
    return before ? [{ name: now.metadata.name, was: before, is: now }] : [];
  });

/** The nodes without keys that are in both commits, kind by kind. */
export const keptKeyless = ({ was, is }: Pick<Push, "was" | "is">): ValidatorChange[] =>
  keylessNodes(is.manifests).flatMap(({ set }) => {
    const before = keylessNodes(was.manifests).find((each) => isSame(each.set, set));
    return before ? [{ name: set.metadata.name, was: before.set, is: set }] : [];
  });

const isSame = (one: Manifest, other: Manifest) =>
  one.metadata.name === other.metadata.name && one.metadata.namespace === other.metadata.namespace;

/** Whether a workload has no pod. */
export const isStopped = ({ spec: { replicas } }: { spec: { replicas?: number } }) => replicas === 0;

/** Whether a validator's pod sleeps, so that a person can work there: it is the only one that has no probe. */
export const isAsleep = (set: ValidatorSet) => nodeContainer(set)?.startupProbe === undefined;

/** Whether no node of a validator runs. */
export const isDown = (set: ValidatorSet) => isStopped(set) || isAsleep(set);

/** Whether Kubernetes replaces a workload's pods. */
export const isRestarted = ({ was, is }: { was: Templated; is: Templated }) =>
  !isStopped(was) && !isStopped(is) && JSON.stringify(was.spec.template) !== JSON.stringify(is.spec.template);

interface Templated {
  spec: { replicas?: number; template: unknown };
}

/** Whether there may be a chain that can be harmed: not where no validator can have signed yet. */
export const mayHaveChain = ({ network, placement }: Pick<Push, "network" | "placement">) =>
  placement !== undefined && (hasRun(placement) || (network?.argocd !== undefined && network.lifecycle !== "new"));

/** How many validators the chain spares, with the words for it. */
export const spared = (network: Pick<Network, "validators">) => {
  const all = network.validators.length;
  return { all, most: tolerated(all), words: `the chain of ${all} spares ${tolerated(all)}` };
};

/** Why a validator is down, in the words of the network. */
export const reasonOf = (network: Network, name: string) =>
  [...network.paused, ...network.maintenance].find(({ validator }) => nodeName(network, validator) === name)?.reason;
