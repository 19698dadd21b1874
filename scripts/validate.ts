import { generate } from "generators/generate.ts";
import type { Network } from "generators/network.ts";
import { type KubernetesVersion, kubernetesVersions } from "tools/schemas.ts";
import { chalk } from "zx";
import { args, Failure, run } from "./cli.ts";
import { conform } from "./kubeconform.ts";
import { type Built, build, overlayNames } from "./overlays.ts";
import { rules } from "./rules/index.ts";
import type { Finding } from "./rules/rule.ts";
import { checkCheckout } from "./seal/check.ts";

const usage = `Usage: pnpm validate [overlay…] [--list]

Checks all overlays, or the named ones, without a cluster and without a network:
  1. the files are those that \`pnpm gen\` makes
  2. kustomize builds every overlay
  3. every object fits the strict schemas of Kubernetes ${kubernetesVersions.join(" and ")}, custom resources included
  4. the rules hold over each whole overlay
  5. what is sealed is what the network needs, and no Secret lies about in plain
Exits 1 when anything is wrong.

  --list   explain the rules and check nothing
  --help   this text
`;

/** What a step did in a few words, and what it found in which overlay. */
interface Outcome {
  summary: string;
  findings: (Finding & { overlay: string })[];
}

await run(usage, async () => {
  const { values, positionals } = args({ list: { type: "boolean", default: false } });
  if (values.list) {
    for (const { id, why } of rules) console.log(`${id.padEnd(32)} ${why}`);
    return 0;
  }
  const root = `${import.meta.dirname}/..`;
  const overlays = overlayNames(root, positionals);
  const networks: Network[] = [];
  const outcomes = [await step("generated files", () => generatedFiles(root, networks))];
  const built: Built[] = [];
  outcomes.push(await step("kustomize build", () => builds(root, overlays, built)));
  for (const version of kubernetesVersions) {
    outcomes.push(await step(`kubeconform ${version}`, () => schemas(version, built)));
  }
  outcomes.push(await step("rules", async () => ruled(built, networks)));
  outcomes.push(await step("sealed secrets", async () => keystores(root, overlays, networks)));
  return outcomes.flatMap(({ findings }) => findings).some(({ severity }) => severity === "error") ? 1 : 0;
});

async function step(name: string, work: () => Promise<Outcome>): Promise<Outcome> {
  const start = performance.now();
  const outcome = await work();
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  const errors = outcome.findings.filter(({ severity }) => severity === "error").length;
  const mark = errors > 0 ? chalk.red("✗") : outcome.findings.length > 0 ? chalk.yellow("!") : chalk.green("✓");
  console.log(`${mark} ${name.padEnd(20)} ${outcome.summary}, ${seconds} s`);
  for (const { severity, overlay, object, field, message } of outcome.findings) {
    const paint = severity === "error" ? chalk.red : chalk.yellow;
    console.log(`    ${paint(severity)} ${[overlay, object, field].filter(Boolean).join(" ")}: ${message}`);
  }
  return outcome;
}

async function generatedFiles(root: string, networks: Network[]): Promise<Outcome> {
  const { files, diff, ...generated } = await generate(root, { write: false });
  networks.push(...generated.networks);
  const findings = Object.entries(diff).flatMap(([what, paths]) =>
    (paths as string[]).map((path) => ({
      severity: "error" as const,
      overlay: "",
      object: path,
      field: "",
      message: `${what}: base/ and overlays/ are written by \`pnpm gen\` alone; run it and commit`,
    })),
  );
  return { summary: `${files} files`, findings };
}

async function builds(root: string, overlays: string[], built: Built[]): Promise<Outcome> {
  const findings: Outcome["findings"] = [];
  const results = await Promise.allSettled(overlays.map((overlay) => build(root, overlay)));
  for (const [i, result] of results.entries()) {
    if (result.status === "fulfilled") {
      built.push(result.value);
      continue;
    }
    if (!(result.reason instanceof Failure)) throw result.reason;
    const overlay = overlays[i] ?? "";
    findings.push({ severity: "error", overlay, object: "", field: "", message: result.reason.message });
  }
  const counts = built.map(({ overlay, manifests }) => `${overlay} ${manifests.length}`);
  return { summary: counts.length > 0 ? `objects: ${counts.join(", ")}` : "nothing built", findings };
}

async function schemas(version: KubernetesVersion, built: readonly Built[]): Promise<Outcome> {
  const results = await Promise.all(built.map(async (one) => found(one, await conform(version, one))));
  return { summary: `${objects(built)} objects`, findings: results.flat() };
}

function ruled(built: readonly Built[], networks: readonly Network[]): Outcome {
  const findings = built.flatMap((one) =>
    rules.flatMap((rule) =>
      found(
        one,
        [
          ...rule.check(
            one.manifests,
            networks.find(({ name }) => name === one.overlay),
          ),
        ].map((each) => ({
          ...each,
          message: `${each.message}. ${rule.why} [${rule.id}]`,
        })),
      ),
    ),
  );
  return { summary: `${rules.length} rules, ${objects(built)} objects`, findings };
}

function keystores(root: string, overlays: readonly string[], networks: readonly Network[]): Outcome {
  const wanted = networks.filter(({ name }) => overlays.includes(name));
  const { checked, plain } = checkCheckout(root, wanted);
  const counts = checked.map(({ network, sealed }) => `${network} ${sealed}`);
  // Each names its file, which says the overlay.
  const findings = [...checked.flatMap((each) => each.findings), ...plain].map((each) => ({ ...each, overlay: "" }));
  return { summary: counts.join(", ") || "none", findings };
}

function objects(built: readonly Built[]): number {
  return built.reduce((sum, { manifests }) => sum + manifests.length, 0);
}

function found({ overlay }: Built, findings: readonly Finding[]): Outcome["findings"] {
  return findings.map((each) => ({ ...each, overlay }));
}
