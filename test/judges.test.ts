import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { build } from "scripts/objects/overlays.ts";
import { toolPath } from "tools/tool.ts";
import { expect, test } from "vitest";
import { manyValidators } from "./support/networks.ts";
import { built } from "./support/releases.ts";

const root = resolve(import.meta.dirname, "..");

// What kube-score finds and is meant to be so. docs/security.md gives the reasons.
const deliberate: Record<string, string[]> = {
  "container-resources: CPU limit is not set": ["StatefulSet", "Deployment", "Job"],
  "container-ephemeral-storage-request-and-limit: Ephemeral Storage limit is not set": [
    "StatefulSet",
    "Deployment",
    "Job",
  ],
  "container-image-pull-policy: ImagePullPolicy is not set to Always": ["StatefulSet", "Deployment", "Job"],
  "statefulset-has-servicename: StatefulSet does not have a valid serviceName": ["StatefulSet"],
  "deployment-replicas: Deployment few replicas": ["Deployment"],
  "pod-probes-identical: Container has the same readiness and liveness probe": ["Deployment"],
};

interface Scored {
  type_meta: { kind: string };
  checks: { check: { id: string }; grade: number; skipped: boolean; comments: { summary: string }[] | null }[];
}

// A grade of 10 is kube-score's "all OK".
const good = 10;

/** What kube-score finds in objects, as "<check>: <summary>" with the kinds that it is found in. */
async function findings(yaml: string): Promise<Record<string, string[]>> {
  const args = ["score", "--kubernetes-version", "v1.33", "--output-format", "json", "-"];
  const { stdout } = spawnSync(await toolPath("kube-score"), args, {
    input: yaml,
    encoding: "utf8",
    maxBuffer: 2 ** 26,
  });
  const found = (JSON.parse(stdout) as Scored[]).flatMap(({ type_meta, checks }) =>
    checks
      .filter(({ grade, skipped }) => !skipped && grade < good)
      .flatMap(({ check, comments }) =>
        (comments ?? []).map(({ summary }) => ({ what: `${check.id}: ${summary}`, kind: type_meta.kind })),
      ),
  );
  const byFinding = Map.groupBy(found, ({ what }) => what);
  return Object.fromEntries([...byFinding].map(([what, each]) => [what, [...new Set(each.map(({ kind }) => kind))]]));
}

const sorted = (record: Record<string, string[]>) =>
  Object.fromEntries(Object.entries(record).map(([what, kinds]) => [what, [...kinds].sort()]));

test.each(["staging", "local"])("kube-score agrees with %s, but for what is deliberate", async (overlay) => {
  const { yaml, manifests } = await build(root, overlay);
  // Only where Argo CD deploys are there gates.
  const kinds = new Set(manifests.map(({ kind }) => kind));
  const expected = Object.entries(deliberate).map(([what, of]) => [what, of.filter((kind) => kinds.has(kind))]);
  expect(sorted(await findings(yaml))).toEqual(sorted(Object.fromEntries(expected)));
});

test("kube-score finds of the job that makes snapshots what it finds of a gate", async () => {
  const snapshots = { of: [{ validator: 3 }], schedule: "0 3 * * *", keep: 7 };
  const [before, after] = await Promise.all(
    [manyValidators(5), manyValidators(5, { snapshots })].map(async (network) => findings((await built(network)).yaml)),
  );
  const expected = Object.entries(before ?? {}).map(([what, kinds]) => [
    what,
    kinds.includes("Job") ? [...kinds, "CronJob"] : kinds,
  ]);
  expect(sorted(after ?? {})).toEqual(sorted(Object.fromEntries(expected)));
});

test("kube-score finds what these objects would lack", async () => {
  const { yaml } = await build(root, "staging");
  const worse = yaml.replaceAll("readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false");
  expect(Object.keys(await findings(worse))).toContainEqual(
    expect.stringMatching(/^container-security-context-readonlyrootfilesystem: /),
  );
});

test("docs/security.md gives a reason for everything that is deliberate", () => {
  const page = readFileSync(resolve(root, "docs/security.md"), "utf8");
  for (const finding of Object.keys(deliberate)) expect(page).toContain(`\`${finding.split(":")[0]}\``);
});
