import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { toolPath } from "tools/tool.ts";
import { expect, test } from "vitest";
import { parse } from "yaml";

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const files = [".github/workflows/validate.yml", ".github/workflows/renovate.yml", ".github/actions/setup/action.yml"];
const workflow = parse(read(".github/workflows/validate.yml"));
const jobs: [string, { "timeout-minutes"?: number; permissions?: object; steps: { run?: string; uses?: string }[] }][] =
  Object.entries(workflow.jobs);

test("actionlint finds nothing in the workflows", async () => {
  const actionlint = await toolPath("actionlint");
  const folder = join(root, ".github/workflows");
  const workflows = readdirSync(folder).map((name) => join(folder, name));
  expect(workflows.length).toBeGreaterThan(1);
  // Without the programs that it would call if they happened to be on the PATH.
  const { status, stdout } = spawnSync(actionlint, ["-shellcheck=", "-pyflakes=", ...workflows], { encoding: "utf8" });
  expect(stdout).toBe("");
  expect(status).toBe(0);
}, 600_000);

test.each(files)("every action in %s is pinned by its commit, with the version beside it", (file) => {
  const uses = [...read(file).matchAll(/uses: (.+)$/gm)].map(([, action = ""]) => action);
  expect(uses).not.toEqual([]);
  const loose = uses.filter(
    (action) => !/^(\.\/\.github\/|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$)/.test(action),
  );
  expect(loose).toEqual([]);
});

test("an action is the same commit wherever it is used", () => {
  const all = files.flatMap((file) => [...read(file).matchAll(/uses: ([\w-]+\/[\w-]+)@(.+)$/gm)]);
  for (const [, group] of Map.groupBy(all, ([, name]) => name))
    expect(new Set(group.map(([, , pin]) => pin)).size).toBe(1);
});

test.each(jobs)("the job %s has a time limit", (_name, job) => {
  expect(job["timeout-minutes"]).toBeGreaterThan(0);
});

test("nothing may be written but the comment, by a job that runs nothing of the pull request", () => {
  expect(workflow.permissions).toEqual({ contents: "read" });
  expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
  const writing = jobs.filter(([, { permissions }]) => permissions !== undefined);
  expect(writing.map(([name, { permissions }]) => [name, permissions])).toEqual([
    ["comment", { "pull-requests": "write" }],
  ]);
  const steps = workflow.jobs.comment.steps as { run?: string; uses?: string }[];
  expect(
    steps.filter(({ uses, run }) => uses?.includes("checkout") || uses?.startsWith("./") || run?.includes("pnpm@")),
  ).toEqual([]);
});

test("what a contributor writes is never a part of a script", () => {
  const scripts = jobs.flatMap(([, { steps }]) => steps.flatMap(({ run }) => run ?? []));
  expect(scripts.filter((script) => script.includes("${{"))).toEqual([]);
});

test("every command runs the pnpm that package.json pins", () => {
  const { packageManager } = JSON.parse(read("package.json"));
  const pinned = files.flatMap((file) => [...read(file).matchAll(/--yes (pnpm\S+)/g)].map(([, name]) => name));
  expect(new Set(pinned)).toEqual(new Set([packageManager]));
});
