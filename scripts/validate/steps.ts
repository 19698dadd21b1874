import { type Generated, generate } from "generators/generate.ts";
import type { Network } from "generators/network/schema.ts";
import { type KubernetesVersion, kubernetesVersions } from "tools/schemas.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { GitError } from "../lib/run-git.ts";
import { rules } from "../rules/index.ts";
import type { Requirement } from "../rules/rule.ts";
import { checkCheckout } from "../seal/check.ts";
import { allContents } from "../secrets/sources.ts";
import { type BuiltYaml, buildAll, countObjects, type FailedBuild } from "./builds.ts";
import { checkRules } from "./check-rules.ts";
import { type History, history } from "./history.ts";
import { conformAll } from "./kubeconform.ts";
import { badLinks, strayKeystores } from "./links.ts";
import type { Outcome, StepResult } from "./outcome.ts";
import { reported } from "./reported-finding.ts";
import { requirements } from "./requirements.ts";
import { secretsIn } from "./secrets.ts";

/**
 * Every step of a validation, in the order in which people read them; those that need nothing of each other run side by
 * side.
 *
 * @param since the commit to compare with, the one before the last unless given.
 * @throws {OperatorError} when a step could not be done at all.
 */
export async function validate(root: string, overlays: readonly string[], since?: string): Promise<Outcome[]> {
  // gitleaks takes as long as all other steps together, so that this process works for it before it works for them.
  const { promise: hasBegun, resolve: begin } = Promise.withResolvers<void>();
  const search = step("tracked files", [requirements.secret], trackedSecrets(root, since, begin));
  const isFree = Promise.race([hasBegun, search]);
  // Earlier commits are built beside everything else.
  const past = isFree.then(() => history(root, since));
  const [outcomes, secrets] = await Promise.all([overlaySteps(root, overlays, isFree, past), search, past]);
  return [...outcomes, secrets];
}

/** The steps on overlays: first the two that make what the others check, the one in this process once that is free. */
async function overlaySteps(
  root: string,
  overlays: readonly string[],
  isFree: Promise<unknown>,
  past: Promise<History>,
): Promise<Outcome[]> {
  const [builds, generated, links] = await Promise.all([
    timed(buildAll(root, overlays)),
    isFree.then(() => timed(generate(root, { write: false }))),
    badLinks(root),
  ]);
  const yamls = builds.value.filter((build) => "yaml" in build);
  const networks = generated.value.networks.filter(({ name }) => overlays.includes(name));
  const { generatedFile, link, build, schema, exception, history: compared, sealed } = requirements;
  return [
    outcome("generated files", [generatedFile, link], {
      ...generated,
      value: generatedFiles(root, generated.value, links),
    }),
    outcome("kustomize build", [build], { ...builds, value: kustomizeBuild(builds.value) }),
    ...(await Promise.all([
      ...kubernetesVersions.map((version) => step(`kubeconform ${version}`, [schema], schemas(version, yamls))),
      step(
        "rules",
        [...rules, exception, compared],
        past.then((earlier) => checkRules(root, overlays, yamls, networks, earlier)),
      ),
      step("sealed secrets", [sealed], sealedSecrets(root, networks)),
    ])),
  ];
}

interface Timed<T> {
  value: T;
  seconds: number;
}

async function timed<T>(work: Promise<T>): Promise<Timed<T>> {
  const start = performance.now();
  const value = await work;
  return { value, seconds: (performance.now() - start) / 1000 };
}

const outcome = (name: string, required: readonly Requirement[], { value, seconds }: Timed<StepResult>): Outcome => ({
  name,
  seconds,
  requirements: required,
  ...value,
});

const step = async (name: string, required: readonly Requirement[], work: Promise<StepResult>) =>
  outcome(name, required, await timed(work));

function generatedFiles(root: string, { files, networks, diff }: Generated, links: readonly Finding[]): StepResult {
  const findings = [
    ...strayKeystores(
      root,
      networks.map(({ name }) => name),
    ),
    ...diff.missing.map((path) => errorAt(path, "", "missing: `pnpm gen` writes it")),
    ...diff.changed.map((path) => errorAt(path, "", "changed: it differs from what `pnpm gen` writes")),
    ...diff.extra.map((path) => errorAt(path, "", "extra: `pnpm gen` does not write it")),
  ];
  return {
    summary: `${files} files`,
    findings: [...reported(requirements.generatedFile, "", findings), ...reported(requirements.link, "", links)],
  };
}

function kustomizeBuild(builds: readonly (BuiltYaml | FailedBuild)[]): StepResult {
  const counts = builds.flatMap((build) => ("yaml" in build ? [`${build.overlay} ${countObjects(build.yaml)}`] : []));
  const findings = builds.flatMap((build) =>
    "failure" in build ? reported(requirements.build, build.overlay, [errorAt("", "", build.failure)]) : [],
  );
  return { summary: counts.length > 0 ? `objects: ${counts.join(", ")}` : "nothing built", findings };
}

async function schemas(version: KubernetesVersion, yamls: readonly BuiltYaml[]): Promise<StepResult> {
  const checked = await conformAll(version, yamls);
  const objects = yamls.reduce((sum, { yaml }) => sum + countObjects(yaml), 0);
  return {
    summary: `${objects} objects`,
    findings: checked.flatMap(({ overlay, findings }) => reported(requirements.schema, overlay, findings)),
  };
}

async function sealedSecrets(root: string, networks: readonly Network[]): Promise<StepResult> {
  const { checked, plain } = checkCheckout(root, networks);
  const counts = checked.map(({ network, sealed }) => `${network} ${sealed}`);
  const findings: Finding[] = [...checked.flatMap((each) => each.findings), ...plain];
  // No overlay: the path of each file names it.
  return { summary: counts.join(", ") || "none", findings: reported(requirements.sealed, "", findings) };
}

async function trackedSecrets(root: string, since?: string, hasBegun?: () => void): Promise<StepResult> {
  try {
    const { findings, count } = await secretsIn(allContents(root, since), hasBegun);
    return { summary: `${count} files`, findings: reported(requirements.secret, "", findings) };
  } catch (error) {
    // What else is wrong, such as what hinders the comparison with earlier commits, is reported beside it.
    if (!(error instanceof GitError)) throw error;
    return {
      summary: "not searched",
      findings: reported(requirements.secret, "", [errorAt("git", "", error.message)]),
    };
  }
}
