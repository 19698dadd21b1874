import { OperatorError } from "generators/operator-error.ts";
import { type KubernetesVersion, schemasDir } from "tools/schemas.ts";
import { toolPath } from "tools/tool.ts";
import type { Finding } from "../lib/finding.ts";
import { quietly, withInput } from "../lib/program.ts";

interface Report {
  resources?: { kind: string; name: string; msg: string }[];
  summary: { valid: number; invalid: number; errors: number; skipped: number };
}

/** An overlay as kustomize writes it. */
export interface Yaml {
  overlay: string;
  yaml: string;
}

/** What is wrong with an overlay's objects. */
interface Checked {
  overlay: string;
  findings: Finding[];
}

/**
 * Checks overlays, all in one go: kubeconform then reads each schema once. Only where something is wrong each goes on its
 * own, to tell whose it is.
 *
 * @throws {OperatorError} when kubeconform gives no report.
 */
export async function conformAll(version: KubernetesVersion, overlays: readonly Yaml[]): Promise<Checked[]> {
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
  if (objects === 0) return [{ severity: "error", object: "all", field: "", message: "there is no object" }];
  const [kubeconform, schemas] = await Promise.all([toolPath("kubeconform"), schemasDir(version)]);
  const location = `${schemas}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  const program = quietly`${kubeconform} -strict -summary -output json -schema-location ${location} -`;
  const { stdout, stderr } = await withInput(program, yaml);
  const { resources = [], summary } = parse(stdout, stderr);
  const findings = resources.flatMap(({ kind, name, msg }) =>
    violations(msg).map((each): Finding => ({ severity: "error", object: `${kind}/${name}`, ...each })),
  );
  const bad = summary.invalid + summary.errors;
  const counted = summary.valid + bad;
  if (summary.skipped > 0 || counted !== objects || (bad > 0 && findings.length === 0)) {
    const message = `kubeconform checked ${counted} of ${objects} objects, skipped ${summary.skipped}`;
    findings.push({ severity: "error", object: "all", field: "", message });
  }
  return findings;
}

/** Objects in a stream in block style: what stands at its margin is a key of an object, or parts two of them. */
const countObjects = (yaml: string) => yaml.split(/^---$/m).filter((document) => /^\w/m.test(document)).length;

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
