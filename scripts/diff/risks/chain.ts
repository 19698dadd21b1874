import { tomlFiles } from "generators/network/names.ts";
import { valueAt } from "generators/network/problem.ts";
import { mountedFile } from "../../objects/validators.ts";
import { fileChanges } from "../content.ts";
import type { FieldChange } from "../fields.ts";
import { keptValidators, mayHaveChain, type Push } from "../push.ts";
import { type Consequence, listed } from "../risk.ts";

/** What every validator reads, and none can go on with, or not beside others that read something else. */
export function* chain(push: Push): Iterable<Consequence> {
  const { network, placement } = push;
  if (!network || !placement || !mayHaveChain(push)) return;
  if (placement.chainId !== network.chain.id) {
    const message = `The chain is ${network.chain.id}, not ${placement.chainId}: a validator with the other chain's volume does not start.`;
    yield { risk: "halts the chain", message };
  }
  for (const { is, path } of settings(push)) {
    const unit = /^app\.toml halt-(height|time)$/.exec(path)?.[1];
    if (unit && is !== 0)
      yield { risk: "halts the chain", message: `Every node stops at ${unit} ${is}, and stays so.` };
  }
  const moved = keptValidators(push).filter(({ was, is }) => isOther(p2pOf(was), p2pOf(is)));
  const [first] = moved;
  if (first) {
    const message = `${listed(moved.map(({ name }) => name))} listen${moved.length === 1 ? "s" : ""} for peers at port ${p2pOf(first.is)}, not ${p2pOf(first.was)}: while the rollout lasts, those with the new port can't dial the others.`;
    yield { risk: "may halt the chain", message };
  }
}

/** The keys of the node's files that any validator reads with another value than before, or any of some other nodes. */
export function settings(push: Pick<Push, "was" | "is">, nodes = keptValidators(push)): FieldChange[] {
  const all = nodes.flatMap(({ was, is }) =>
    tomlFiles.flatMap((file) => {
      const [before, now] = [mountedFile(push.was.manifests, was, file), mountedFile(push.is.manifests, is, file)];
      return before && now ? fileChanges({ [file]: before.text }, { [file]: now.text }) : [];
    }),
  );
  return [...new Map(all.map((change) => [JSON.stringify(change), change])).values()];
}

const p2pOf = (set: object) => {
  const ports = valueAt(set, ["spec", "template", "spec", "containers", "0", "ports"]);
  return (ports as { name: string; containerPort: number }[] | undefined)?.find(({ name }) => name === "p2p")
    ?.containerPort;
};

/** A pod in maintenance has no ports. */
const isOther = (was: number | undefined, is: number | undefined) =>
  was !== undefined && is !== undefined && was !== is;
