import { applicationName } from "generators/network/names.ts";
import { lastWave } from "generators/network/rollout.ts";
import type { Network } from "generators/network/schema.ts";
import type { Fact } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import type { ArgocdFacts } from "./facts.ts";
import { awaitedIn } from "./wave.ts";
import { span } from "./words.ts";

const about = "Argo CD";

// A validator that is not in step by then needs a look, whatever it does.
const patience = 15 * 60 * 1000;

/** What Argo CD makes of the newest commit, and what a sync waits for. */
export function judgeArgocd(network: Network, fact: Fact<ArgocdFacts> | undefined, now: number): Verdict[] {
  if (!fact) return [ok(about, `does not deploy ${network.name}: it names no repository`)];
  if ("unknown" in fact) {
    return [
      error(
        about,
        `does not show the Application (${fact.unknown})`,
        "See that Argo CD is installed, and that you may get its Applications.",
      ),
    ];
  }
  const facts = fact.value;
  const name = applicationName(network);
  if (!facts.exists) {
    return [error(about, `has no Application ${name}`, "Apply it: kubectl apply -k overlays/argocd.")];
  }
  return [judgeSync(network, name, facts, now), ...judgeHealth(name, facts), ...judgeConditions(facts)];
}

/** Whether a sync goes on that Argo CD itself ends or repeats. */
export const isSyncing = (fact: Fact<ArgocdFacts> | undefined): boolean =>
  fact !== undefined && "value" in fact && fact.value.phase === "Running";

function judgeSync(network: Network, name: string, facts: ArgocdFacts, now: number): Verdict {
  const { phase, message = "", started = now, sync, isAutomated } = facts;
  const commit = facts.commit.slice(0, 7) || "no commit";
  if (phase === "Running") return judgeRunning(network, name, facts, now - started);
  if (phase === "Failed" || phase === "Error") {
    const remedy = /gate-\d+/.test(message)
      ? "Read docs/runbooks/held-rollout.md: a gate holds the rollout."
      : `Read what it says (argocd app get ${name}), and push the fix.`;
    return error(about, `could not sync ${commit}: ${message}`, remedy);
  }
  if (sync === "Synced") return ok(about, `is in sync with ${commit}`);
  if (!isAutomated) {
    return warning(
      about,
      `is ${sync} with ${commit}, and syncs nothing by itself`,
      "Apply overlays/argocd again when the network is to follow the branch.",
    );
  }
  return warning(about, `is ${sync} with ${commit}, and no sync goes on`, `Look at argocd app diff ${name}.`);
}

function judgeRunning(network: Network, name: string, { message = "", commit }: ArgocdFacts, since: number): Verdict {
  const awaited = awaitedIn(network, message);
  const begun = `syncs ${commit.slice(0, 7)} for ${span(since)}`;
  if (/confirmation/.test(message)) {
    return error(
      about,
      `${begun}, and waits for a person: ${message}`,
      `Read what is to go; then argocd app confirm-deletion ${name}.`,
    );
  }
  if (/Retrying/i.test(message)) {
    return error(
      about,
      `${begun} and has failed: ${message}`,
      "Read docs/runbooks/stuck-rollout.md, or held-rollout.md beside it where a gate failed.",
    );
  }
  const says = awaited
    ? `${begun}: wave ${awaited.wave} of ${lastWave(network)} waits for ${awaited.what} of ${awaited.kind} ${awaited.name}`
    : `${begun}: ${message || "it has just begun"}`;
  if (since < patience) return ok(about, says);
  return warning(about, says, "Read docs/runbooks/stuck-rollout.md if the pod does not get on.");
}

function judgeHealth(name: string, { health }: ArgocdFacts): Verdict[] {
  if (health === "Healthy") return [ok(about, "counts all objects as Healthy")];
  if (health === "Progressing") return [ok(about, "waits until all objects are Healthy")];
  return [error(about, `counts the network as ${health}`, `See which object it is: argocd app get ${name}.`)];
}

const judgeConditions = ({ conditions }: ArgocdFacts): Verdict[] =>
  conditions.map(({ type, message }) => {
    const judge = type.endsWith("Error") ? error : warning;
    return judge(
      about,
      `reports ${type}: ${message}`,
      "Correct what it names; a push or a refresh makes Argo CD look again.",
    );
  });
