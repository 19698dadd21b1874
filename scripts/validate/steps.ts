import { setImmediate } from "node:timers/promises";
import { generate } from "generators/generate.ts";
import type { Network } from "generators/network/schema.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { TreeDiff } from "generators/tree.ts";
import { type KubernetesVersion, kubernetesVersions } from "tools/schemas.ts";
import { everyFile } from "../lib/files.ts";
import type { Finding } from "../lib/finding.ts";
import { trackedFiles } from "../lib/git.ts";
import { type Built, parsed } from "../objects/overlays.ts";
import { rules } from "../rules/index.ts";
import type { Rule } from "../rules/rule.ts";
import { checkCheckout } from "../seal/check.ts";
import { badExceptions, excused } from "./exceptions.ts";
import { history } from "./history.ts";
import { kinds } from "./kinds.ts";
import { conformAll, type Yaml } from "./kubeconform.ts";
import { type Kind, type Problem, problemsOf } from "./problem.ts";

/** What a step did, in a few words, what it looked for, and what it found. */
export interface Outcome {
  name: string;
  summary: string;
  seconds: number;
  kinds: readonly Kind[];
  problems: Problem[];
}

/** An overlay, and kustomize at work on it. */
export interface Building {
  overlay: string;
  yaml: Promise<string>;
}

type Work = Promise<Pick<Outcome, "summary" | "problems">>;

/**
 * Every step of a validation, in the order in which people read them; those that need nothing of each other run side by
 * side. A step rejects with what `run` reports when it could not be done at all.
 *
 * @param since the commit to compare genesis with, the previous one unless given.
 */
export function validate(root: string, building: readonly Building[], since?: string): Promise<Outcome>[] {
  const overlays = building.map(({ overlay }) => overlay);
  const generated = generate(root, { write: false });
  const networks = generated.then((done) => done.networks.filter(({ name }) => overlays.includes(name)));
  const builds = Promise.allSettled(building.map(async ({ overlay, yaml }) => ({ overlay, yaml: await yaml })));
  const texts = builds.then((results) => results.flatMap((each) => (each.status === "fulfilled" ? [each.value] : [])));
  const built = texts.then(inTurn);
  const steps = [
    step("generated files", [kinds.generatedFile], generatedFiles(generated)),
    step("kustomize build", [kinds.build], kustomizeBuild(overlays, builds, built)),
    ...kubernetesVersions.map((version) =>
      step(`kubeconform ${version}`, [kinds.schema], schemas(version, texts, built)),
    ),
    step("rules", [...rules, kinds.exception], networkRules(root, overlays, built, networks, since)),
    step("sealed secrets", [kinds.sealed], keystores(root, networks)),
    step("tracked files", [kinds.secret], secrets(root)),
  ];
  // The caller stops at the first that rejects; the others' rejections are then nobody's.
  for (const each of steps) each.catch(() => {});
  return steps;
}

/** Parses overlays, one after the other: kubeconform, which runs beside it, gets its input in between. */
async function inTurn(texts: readonly Yaml[]): Promise<Built[]> {
  const built: Built[] = [];
  for (const { overlay, yaml } of texts) {
    await setImmediate();
    built.push(parsed(overlay, yaml));
  }
  return built;
}

async function step(name: string, looksFor: readonly Kind[], work: Work): Promise<Outcome> {
  const start = performance.now();
  const outcome = await work;
  return { name, kinds: looksFor, seconds: (performance.now() - start) / 1000, ...outcome };
}

async function generatedFiles(generated: Promise<{ files: number; diff: TreeDiff }>): Work {
  const { files, diff } = await generated;
  const findings = Object.entries(diff).flatMap(([what, paths]: [string, string[]]) =>
    paths.map((path) => error(path, `${what}, so it is not what the network says`)),
  );
  return { summary: `${files} files`, problems: problemsOf(kinds.generatedFile, "", findings) };
}

async function kustomizeBuild(
  overlays: readonly string[],
  builds: Promise<PromiseSettledResult<Yaml>[]>,
  building: Promise<Built[]>,
): Work {
  const [results, built] = await Promise.all([builds, building]);
  const counts = built.map(({ overlay, manifests }) => `${overlay} ${manifests.length}`);
  const problems = results.flatMap((result, i) => {
    if (result.status === "fulfilled") return [];
    if (!(result.reason instanceof OperatorError)) throw result.reason;
    return problemsOf(kinds.build, overlays[i] ?? "", [error("", result.reason.message)]);
  });
  return { summary: counts.length > 0 ? `objects: ${counts.join(", ")}` : "nothing built", problems };
}

async function schemas(version: KubernetesVersion, texts: Promise<Yaml[]>, building: Promise<Built[]>): Work {
  const checked = await conformAll(version, await texts);
  const problems = checked.flatMap(({ overlay, findings }) => problemsOf(kinds.schema, overlay, findings));
  return { summary: `${objects(await building)} objects`, problems };
}

async function networkRules(
  root: string,
  overlays: readonly string[],
  building: Promise<Built[]>,
  loading: Promise<Network[]>,
  since?: string,
): Work {
  const [{ before, warning }, built, networks] = await Promise.all([history(root, overlays, since), building, loading]);
  const found = built.flatMap(({ overlay, manifests }) => {
    const network = networks.find(({ name }) => name === overlay);
    const problems = rules.flatMap((rule) =>
      problemsOf(rule, overlay, findingsOf(rule, manifests, network, before.get(overlay))),
    );
    if (!network) return problems;
    const bad = problemsOf(kinds.exception, "", badExceptions(network, problems, rules));
    return [...excused(problems, network), ...bad];
  });
  const shallow: Finding[] = warning ? [{ severity: "warning", object: "history", field: "", message: warning }] : [];
  const problems = [...found, ...problemsOf(kinds.history, "", shallow)];
  return { summary: `${rules.length} rules, ${objects(built)} objects`, problems };
}

/** Rules are written for objects that fit their schemas. */
function* findingsOf(rule: Rule, ...overlay: Parameters<Rule["check"]>): Iterable<Finding> {
  try {
    yield* rule.check(...overlay);
  } catch (failure) {
    if (failure instanceof OperatorError) throw failure;
    yield error("overlay", `can't be checked on objects like these: ${(failure as Error).message}`);
  }
}

async function keystores(root: string, loading: Promise<Network[]>): Work {
  const { checked, plain } = checkCheckout(root, await loading);
  const counts = checked.map(({ network, sealed }) => `${network} ${sealed}`);
  // Each names its file, which says the overlay.
  const findings = [...checked.flatMap((each) => each.findings), ...plain];
  return { summary: counts.join(", ") || "none", problems: problemsOf(kinds.sealed, "", findings) };
}

async function secrets(root: string): Work {
  // The word list and the patterns are large: loaded while other programs run.
  const { secretsIn } = await import("./secrets.ts");
  const paths = (await trackedFiles(root)) ?? everyFile(root);
  return { summary: `${paths.length} files`, problems: problemsOf(kinds.secret, "", await secretsIn(root, paths)) };
}

const objects = (built: readonly Built[]) => built.reduce((sum, { manifests }) => sum + manifests.length, 0);

const error = (object: string, message: string): Finding => ({ severity: "error", object, field: "", message });
