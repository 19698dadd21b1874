import { OperatorError } from "generators/operator-error.ts";
import { type KubernetesVersion, schemasDir } from "tools/schemas.ts";
import { toolPath } from "tools/tool.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { quietly, withInput } from "../lib/program.ts";
import { type BuiltYaml, countObjects } from "./builds.ts";

interface Report {
  resources?: { kind: string; name: string; msg: string }[];
  summary: { valid: number; invalid: number; errors: number; skipped: number };
}

/** What is wrong with an overlay's objects. */
interface Checked {
  overlay: string;
  findings: Finding[];
}

/**
 * Checks overlays all in one go, because kubeconform then reads each schema once. Only where something is wrong each is
 * checked on its own, to tell which overlay it is in.
 *
 * @throws {OperatorError} when kubeconform gives no report.
 */
export async function conformAll(version: KubernetesVersion, overlays: readonly BuiltYaml[]): Promise<Checked[]> {
  const together = overlays.map(({ yaml }) => yaml).join("---\n");
  if (overlays.length > 1 && (await conform(version, together)).length === 0) return [];
  return Promise.all(overlays.map(async ({ overlay, yaml }) => ({ overlay, findings: await conform(version, yaml) })));
}

/**
 * Checks every object of an overlay against the schemas of one Kubernetes version, strictly: unknown fields are errors.
 * An object that kubeconform skipped or did not count is an error too.
 *
 * @throws {OperatorError} when kubeconform gives no report.
 */
export async function conform(version: KubernetesVersion, yaml: string): Promise<Finding[]> {
  const objects = countObjects(yaml);
  // Without an object kubeconform would wait for one on standard input.
  if (objects === 0) return [errorAt("all", "", "there is no object")];
  const [kubeconform, schemas] = await Promise.all([toolPath("kubeconform"), schemasDir(version)]);
  const location = `${schemas}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  const program = quietly`${kubeconform} -strict -summary -output json -schema-location ${location} -`;
  const { stdout, stderr } = await withInput(program, yaml);
  const { resources = [], summary } = parse(stdout, stderr);
  const findings = resources.flatMap(({ kind, name, msg }) =>
    violations(msg).map(({ field, message }) => errorAt(`${kind}/${name}`, field, message)),
  );
  const bad = summary.invalid + summary.errors;
  const counted = summary.valid + bad;
  if (summary.skipped > 0 || counted !== objects || (bad > 0 && findings.length === 0)) {
    const message = `kubeconform checked ${counted} of ${objects} objects and skipped ${summary.skipped}`;
    findings.push(errorAt("all", "", message));
  }
  return findings;
}

/** The schema's complaints in a message of kubeconform: "… - at '/spec/replicas': got string, want integer". */
function violations(message: string): { field: string; message: string }[] {
  const found = [...message.matchAll(/- at '([^']*)': (.*?)(?=\s+- at '|$)/gs)];
  return found.length > 0
    ? found.map(([, path = "", text = ""]) => ({ field: path.slice(1).replaceAll("/", "."), message: text.trim() }))
    : [{ field: "", message }];
}

function parse(stdout: string, stderr: string): Report {
  try {
    return JSON.parse(stdout);
  } catch {
    throw new OperatorError(`kubeconform gave no report: ${stderr.trim() || stdout.trim()}`);
  }
}
