import type { Network } from "generators/network/schema.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { Tree } from "generators/tree.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { overlayNames } from "../objects/kustomize.ts";
import { type Built, parseOverlay } from "../objects/overlays.ts";
import topic from "../rules/history/index.ts";
import { rules } from "../rules/index.ts";
import type { Before, Rule } from "../rules/rule.ts";
import { readKeystoresFolder } from "../seal/keystores-folder.ts";
import type { BuiltYaml } from "./builds.ts";
import { badExceptions, excused } from "./exceptions.ts";
import type { History } from "./history.ts";
import type { StepResult } from "./outcome.ts";
import { type ReportedFinding, reported } from "./reported-finding.ts";
import { requirements } from "./requirements.ts";

/**
 * Checks every rule on every overlay, with the network of its name where there is one, and the rules of history on
 * overlays that are gone.
 *
 * @param overlays the overlays that are checked, whether or not they build.
 * @param past what there was at earlier commits.
 * @throws {OperatorError} when a file in a ConfigMap can't be read.
 */
export function checkRules(
  root: string,
  overlays: readonly string[],
  yamls: readonly BuiltYaml[],
  networks: readonly Network[],
  past: History,
): StepResult {
  const built = yamls.map(({ overlay, yaml }) => parseOverlay(overlay, yaml));
  const findings = built.flatMap((each) => {
    const network = networks.find(({ name }) => name === each.overlay);
    return checkOverlay(each, network, past.before(each.overlay), readKeystoresFolder(root, each.overlay));
  });
  const isWhole = overlayNames(root).every((overlay) => overlays.includes(overlay));
  const gone = isWhole ? past.overlays.filter((overlay) => !overlays.includes(overlay)) : [];
  const lost = gone.flatMap((overlay) =>
    topic.rules.flatMap((rule) => reported(rule, overlay, rule.check([], undefined, past.before(overlay)))),
  );
  const objects = built.reduce((sum, { manifests }) => sum + manifests.length, 0);
  return {
    summary: `${rules.length} rules, ${objects} objects`,
    findings: [...findings, ...lost, ...reported(requirements.history, "", past.findings)],
  };
}

function checkOverlay(
  { overlay, manifests }: Built,
  network: Network | undefined,
  before: readonly Before[],
  keystores: Tree,
): ReportedFinding[] {
  const findings = rules.flatMap((rule) =>
    reported(rule, overlay, findingsOf(rule, manifests, network, before, keystores)),
  );
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
