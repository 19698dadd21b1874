import type { Network } from "generators/network/schema.ts";
import { OperatorError } from "generators/operator-error.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { type Built, parseOverlay } from "../objects/overlays.ts";
import { rules } from "../rules/index.ts";
import type { Before, Rule } from "../rules/rule.ts";
import type { BuiltYaml } from "./builds.ts";
import { badExceptions, excused } from "./exceptions.ts";
import { history } from "./history.ts";
import type { StepResult } from "./outcome.ts";
import { type ReportedFinding, reported } from "./reported-finding.ts";
import { requirements } from "./requirements.ts";

/**
 * Checks every rule on every overlay, with the network of its name where there is one.
 *
 * @param since the commit to compare with, the previous one unless given.
 * @throws {OperatorError} when that commit is not here, or a file in a ConfigMap can't be read.
 */
export async function checkRules(
  root: string,
  yamls: readonly BuiltYaml[],
  networks: readonly Network[],
  since?: string,
): Promise<StepResult> {
  const { before, warning } = await history(
    root,
    yamls.map(({ overlay }) => overlay),
    since,
  );
  const built = yamls.map(({ overlay, yaml }) => parseOverlay(overlay, yaml));
  const findings = built.flatMap((each) => {
    const network = networks.find(({ name }) => name === each.overlay);
    return checkOverlay(each, network, before.get(each.overlay));
  });
  const warnings: Finding[] = warning ? [{ severity: "warning", object: "history", field: "", message: warning }] : [];
  const objects = built.reduce((sum, { manifests }) => sum + manifests.length, 0);
  return {
    summary: `${rules.length} rules, ${objects} objects`,
    findings: [...findings, ...reported(requirements.history, "", warnings)],
  };
}

function checkOverlay(
  { overlay, manifests }: Built,
  network: Network | undefined,
  before: readonly Before[] | undefined,
): ReportedFinding[] {
  const findings = rules.flatMap((rule) => reported(rule, overlay, findingsOf(rule, manifests, network, before)));
  if (!network) return findings;
  const unneeded = reported(requirements.exception, "", badExceptions(network, findings, rules));
  return [...excused(findings, network), ...unneeded];
}

/** What a rule finds. Rules are written for objects that fit their schemas: on others one may fail. */
function* findingsOf(rule: Rule, ...overlay: Parameters<Rule["check"]>): Iterable<Finding> {
  try {
    yield* rule.check(...overlay);
  } catch (failure) {
    if (failure instanceof OperatorError) throw failure;
    yield errorAt("overlay", "", `the rule can't be checked on these objects: ${(failure as Error).message}`);
  }
}
