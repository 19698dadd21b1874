import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { edit, temporary } from "../../support/artifacts.ts";
import { checkout, run } from "../../support/checkout.ts";

const git = (root: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.org", ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
  }).trim();

const commit = (root: string, message: string) => {
  git(root, "add", "--all");
  git(root, "commit", "--quiet", "--message", message);
};

/** Changes the composed genesis of a network, and what is rendered of it. */
function changeGenesis(path = root): void {
  edit(join(path, "generators/networks/staging.ts"), (text) => text.replace('balance: "1', 'balance: "2'));
  expect(run(path, "gen").code).toBe(0);
}

let root: string;

beforeEach(() => {
  root = checkout();
  writeFileSync(join(root, ".gitignore"), "node_modules\n");
  git(root, "init", "--quiet", "--initial-branch", "main");
  commit(root, "first");
});

const changed =
  /error staging ConfigMap\/mezo-genesis-config-\w+ data\["genesis.json"\]: changed from \w{12} at commit (\w+) to \w{12};/;

test("the first commit has nothing to compare with, and passes", () => {
  const { code, stdout } = run(root, "validate");
  expect(stdout).not.toContain("history");
  expect(stdout).not.toMatch(changed);
  expect(code).toBe(0);
});

test("a change of a running chain's genesis is found before and after the commit", () => {
  const first = git(root, "rev-parse", "--short", "HEAD");
  changeGenesis();
  const before = run(root, "validate");
  expect(changed.exec(before.stdout)?.[1]).toBe(first);
  expect(before.code).toBe(1);
  commit(root, "another genesis");
  const after = run(root, "validate");
  expect(changed.exec(after.stdout)?.[1]).toBe(first);
  expect(after.code).toBe(1);
});

test("a commit later only --since still finds it", () => {
  const first = git(root, "rev-parse", "--short", "HEAD");
  changeGenesis();
  commit(root, "another genesis");
  writeFileSync(join(root, "note.md"), "later\n");
  commit(root, "later");
  expect(run(root, "validate").code).toBe(0);
  const since = run(root, "validate", "--since", first);
  expect(changed.exec(since.stdout)?.[1]).toBe(first);
  expect(since.code).toBe(1);
});

test("a new chain whose keys are not sealed yet may still change its genesis", () => {
  edit(join(root, "generators/networks/staging.ts"), (text) => text.replace('"adopted"', '"new"'));
  expect(run(root, "gen").code).toBe(0);
  commit(root, "a new network");
  changeGenesis();
  expect(run(root, "validate").stdout).not.toMatch(changed);
});

test("a shallow clone says that it cannot compare", () => {
  writeFileSync(join(root, "note.md"), "later\n");
  commit(root, "later");
  const shallow = join(temporary("validate"), "clone");
  git(root, "clone", "--quiet", "--depth", "1", `file://${root}`, shallow);
  for (const folder of ["node_modules", "generators/node_modules", "scripts/node_modules", "tools/node_modules"]) {
    mkdirSync(join(shallow, folder), { recursive: true });
    execFileSync("cp", ["-a", `${join(root, folder)}/.`, join(shallow, folder)]);
  }
  const { code, stdout } = run(shallow, "validate", "argocd");
  expect(stdout).toContain(
    "warning history: genesis is not compared with the previous commit: this shallow clone does not have it",
  );
  expect(code).toBe(0);
});

test("a commit that the clone does not have", () => {
  const { code, stderr } = run(root, "validate", "--since", "nowhere");
  expect(stderr).toBe("error: --since nowhere: this clone has no such commit; fetch it, or name another one\n");
  expect(code).toBe(1);
});
