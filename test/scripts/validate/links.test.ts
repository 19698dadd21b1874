import { execFileSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { badLinks, strayKeystores } from "scripts/validate/links.ts";
import { describe, expect, test } from "vitest";
import { edit, temporary } from "../../support/artifacts.ts";

const git = (root: string, ...args: string[]) => execFileSync("git", args, { cwd: root, stdio: "ignore" });

/** A repository with a link in it. */
function withLink(path: string, target: string, isGit = true): string {
  const root = temporary("links");
  if (isGit) git(root, "init", "--quiet");
  edit(join(root, "base/a/service.yaml"), () => "kind: Service\n");
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(target, join(root, path));
  return root;
}

const found = async (root: string) => (await badLinks(root)).map(({ object, message }) => `${object} ${message}`);

test.each([
  ["docs/etc", "/etc/passwd"],
  ["docs/up", "../../other/file"],
  ["docs/deep/up", "../../../x"],
  ["link", ".."],
  ["docs/home", "/nowhere"],
  [".hidden/out", "../../out"],
])("%s -> %s leads out of the repository", async (path, target) => {
  expect(await found(withLink(path, target))).toEqual([
    `${path} is a symbolic link to ${target}, which leads out of the repository`,
  ]);
});

test.each([
  ["docs/readme", "../README.md"],
  ["docs/dangling", "not-there"],
])("%s -> %s stays in it", async (path, target) => {
  expect(await found(withLink(path, target))).toEqual([]);
});

describe.each([true, false])("where files are rendered or read no link is right, in a repository: %s", (isGit) => {
  test.each([
    ["base/b", "a"],
    ["overlays/staging/keystores", "../../elsewhere"],
    ["overlays/staging/service.yaml", "../../base/a/service.yaml"],
    ["generators/networks/x.ts", "staging.ts"],
  ])("%s", async (path, target) => {
    expect(await found(withLink(path, target, isGit))).toEqual([
      `${path} is a symbolic link to ${target}: the files here are plain ones`,
    ]);
  });
});

test("what git ignores is nobody's, and a link in a folder of a larger repository may lead to that one", async () => {
  const root = withLink("deploy/docs/shared", "../../shared");
  writeFileSync(join(root, ".gitignore"), "cache\n");
  symlinkSync("/etc", join(root, "cache"));
  expect(await found(root)).toEqual([]);
  expect(await found(join(root, "deploy"))).toEqual([]);
});

test("a submodule", async () => {
  const root = withLink("docs/a", "b");
  const inner = join(root, "overlays/staging/more");
  mkdirSync(inner, { recursive: true });
  git(inner, "init", "--quiet");
  git(inner, "-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--allow-empty", "--quiet", "-m", "x");
  git(root, "add", "overlays");
  expect(await found(root)).toEqual(["overlays/staging/more is a submodule, which nothing here reads"]);
});

test("keystores of what is no network", () => {
  const root = temporary("stray");
  for (const overlay of ["staging", "argocd", "canary"]) {
    edit(join(root, `overlays/${overlay}/keystores/x.yaml`), () => "");
  }
  expect(strayKeystores(root, ["staging"]).map(({ object }) => object)).toEqual([
    "overlays/argocd/keystores/x.yaml",
    "overlays/canary/keystores/x.yaml",
  ]);
});
