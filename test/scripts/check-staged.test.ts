import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { checkout } from "../support/checkout.ts";
import { git } from "../support/git.ts";
import { mnemonic, pem, shownOf } from "../support/secrets/made.ts";

const repository = resolve(import.meta.dirname, "../..");
let root: string;

/** Commits what is staged, or the named files, with the hook. */
function commit(...files: string[]) {
  const identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"];
  const { status, stderr } = spawnSync("git", [...identity, "commit", "--quiet", "--message", "x", ...files], {
    cwd: root,
    encoding: "utf8",
  });
  return { status, stderr };
}

beforeEach(() => {
  root = checkout();
  cpSync(join(repository, ".githooks"), join(root, ".githooks"), { recursive: true });
  writeFileSync(join(root, ".gitignore"), "node_modules\n");
  git(root, "init", "--quiet");
  git(root, "config", "core.hooksPath", ".githooks");
});

test("the hook refuses a commit with a secret in it, and never shows the secret", () => {
  mkdirSync(join(root, "node_modules/.bin"), { recursive: true });
  symlinkSync(process.execPath, join(root, "node_modules/.bin/node"));

  const words = mnemonic(24);
  writeFileSync(join(root, "notes.md"), `The words:\n\n${words}\n`);
  git(root, "add", "notes.md");
  // The working tree is not what is committed.
  writeFileSync(join(root, "notes.md"), "text\n");
  const { status, stderr } = commit();
  expect(status).toBe(1);
  expect(stderr).toContain("error: notes.md line 3, staged: holds a mnemonic of 24 words\n");
  expect(stderr).toContain("Remove the secret from the file");
  expect(shownOf(words, stderr)).toEqual([]);

  git(root, "add", "notes.md");
  expect(commit()).toEqual({ status: 0, stderr: "" });

  // A commit of some files has an index of its own.
  writeFileSync(join(root, "notes.md"), "other text\n");
  writeFileSync(join(root, "key.txt"), pem);
  git(root, "add", "key.txt");
  expect(commit("notes.md")).toEqual({ status: 0, stderr: "" });
  expect(commit().stderr).toContain("error: key.txt line 1, staged: holds a private key\n");
});

test("the hook says what to do where nothing is installed", () => {
  const script = join(root, ".githooks/pre-commit");
  const { status, stderr } = spawnSync(script, { cwd: join(root, "base"), encoding: "utf8" });
  expect(status).toBe(1);
  expect(stderr).toBe(
    "error: the hook that looks for keys needs the installed packages: run `npx --yes pnpm@12.21.0 install` first\n",
  );
  const { packageManager } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8"));
  expect(stderr).toContain(` ${packageManager} `);
});
