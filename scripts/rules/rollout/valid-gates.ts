import { gateName } from "generators/network/names.ts";
import { batches, isGated } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import type { ConfigMap } from "kubernetes-types/core/v1.js";
import { errorAt, type Finding } from "../../lib/finding.ts";
import { type Manifest, ofKind } from "../../objects/manifests.ts";
import { doneName, doneShape, gateShape } from "../../objects/shapes/gate.ts";
import { finding, misshapen, type Rule } from "../rule.ts";

export default {
  id: "valid-gates",
  why: "A gate asks the chain before each batch whether it can spare these validators: without it a push can take down one too many, and any other Job runs code that nobody expects.",
  fix: "Restore the gates in generators/components/gates.ts, and their waves in generators/network/rollout.ts.",
  brokenBy: "generator",
  *check(manifests, network) {
    const positions = network && isGated(network) ? batches(network).keys().toArray() : [];
    const names = positions.map((position) => network && gateName(network, position + 1));
    for (const position of positions) if (network) yield* ofBatch(manifests, network, position);
    for (const job of ofKind(manifests, "Job")) {
      if (!names.includes(job.metadata.name)) yield finding(job, "kind", "must not be Job: only gates are");
    }
  },
} satisfies Rule;

/** The gate before a batch, and the note behind it: each once, and in its shape. */
function* ofBatch(manifests: readonly Manifest[], network: Network, position: number): Iterable<Finding> {
  const [done, more] = ofKind<ConfigMap>(manifests, "ConfigMap").filter(
    ({ metadata }) => metadata.name === doneName(network, position),
  );
  if (done) yield* misshapen(done, doneShape(network, position));
  if (!done || more)
    yield errorAt(`ConfigMap/${doneName(network, position)}`, "", "there must be one, after its batch");
  const name = gateName(network, position + 1);
  const [gate, second] = ofKind(manifests, "Job").filter(({ metadata }) => metadata.name === name);
  if (gate) yield* misshapen(gate, gateShape(network, position, done?.data?.fingerprint));
  if (!gate || second) yield errorAt(`Job/${name}`, "", "there must be one, before its batch");
}
