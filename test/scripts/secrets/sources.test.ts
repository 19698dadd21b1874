import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { allContents, stagedContents } from "scripts/secrets/sources.ts";
import { secretsIn } from "scripts/validate/secrets.ts";
import { beforeEach, describe, expect, test } from "vitest";
import { temporary } from "../../support/artifacts.ts";
import { commit, git } from "../../support/git.ts";
import { password, pem } from "../../support/secrets/made.ts";

let root: string;
const write = (path: string, text: string, folder = root) => writeFileSync(join(folder, path), text);
const commitFile = (path: string, text: string) => {
  write(path, text);
  return commit(root, `Write ${path}`);
};

/** What is found, a line each. */
async function found(folder = root, since?: string): Promise<string[]> {
  const { findings } = await secretsIn(allContents(folder, since));
  return findings.map(({ object, field, message }) => `${object} ${field}: ${message}`);
}

beforeEach(() => {
  root = temporary("sources");
  git(root, "init", "--quiet", "--initial-branch", "main");
  commitFile("a.txt", "text\n");
});

describe("the index", () => {
  test("has what is staged and cleaned in the working tree", async () => {
    write("a.txt", `text\n${pem}`);
    git(root, "add", "a.txt");
    write("a.txt", "text\n");
    expect(await found()).toEqual(["a.txt line 2, staged: holds a private key"]);
  });

  test("has what is staged and gone from the working tree, before the first commit, too", async () => {
    root = temporary("sources");
    git(root, "init", "--quiet");
    write("b.txt", pem);
    git(root, "add", "b.txt");
    rmSync(join(root, "b.txt"));
    expect(await found()).toEqual(["b.txt line 1, staged: holds a private key"]);
  });

  test("has what git is told not to look at in the working tree", async () => {
    write("a.txt", pem);
    git(root, "add", "a.txt");
    git(root, "update-index", "--skip-worktree", "a.txt");
    write("a.txt", "text\n");
    expect(await found()).toEqual(["a.txt line 1, staged: holds a private key"]);
  });

  test("is told once where the working tree has the same", async () => {
    write("a.txt", pem);
    git(root, "add", "a.txt");
    expect(await found()).toEqual(["a.txt line 1: holds a private key"]);
    write("a.txt", `${pem}\n`);
    expect(await found()).toEqual(["a.txt line 1: holds a private key"]);
  });
});

describe("the commits of a push", () => {
  const short = (id: string) => id.slice(0, 7);

  test("hold what one adds and the next one removes", async () => {
    const before = commitFile("b.txt", "text\n");
    const leak = commitFile("b.txt", `text\n${pem}`);
    commitFile("b.txt", "text\n");
    commitFile("c.txt", "text\n");
    expect(await found(root, before)).toEqual([`b.txt line 2, commit ${short(leak)}: held a private key`]);
    expect(await found(root, leak)).toEqual([]);
  });

  test("are the last one, unless another is named", async () => {
    const leak = commitFile("b.txt", pem);
    rmSync(join(root, "b.txt"));
    expect(await found()).toEqual(["b.txt line 1, staged: holds a private key"]);
    commit(root, "Remove it");
    expect(await found()).toEqual([]);
    expect(await found(root, `${leak}^`)).toEqual([`b.txt line 1, commit ${short(leak)}: held a private key`]);
  });

  test("are all that no remote branch has, where there is a remote", async () => {
    const remote = temporary("remote");
    git(remote, "init", "--quiet", "--bare");
    git(root, "remote", "add", "origin", remote);
    git(root, "push", "--quiet", "origin", "main");
    const leak = commitFile("b.txt", pem);
    for (const text of ["1", "2", "3"]) commitFile("b.txt", text);
    expect(await found()).toEqual([`b.txt line 1, commit ${short(leak)}: held a private key`]);
    git(root, "push", "--quiet", "origin", "main");
    expect(await found()).toEqual([]);
  });

  test("are all of them where there was none before", async () => {
    const leak = commitFile("b.txt", pem);
    for (const text of ["1", "2"]) commitFile("b.txt", text);
    expect(await found(root, "0".repeat(40))).toEqual([`b.txt line 1, commit ${short(leak)}: held a private key`]);
  });

  test("have messages", async () => {
    const value = password();
    git(root, "commit", "--quiet", "--allow-empty", "--message", `Log in\n\nexport KEYRING_PASSWORD=${value}`);
    const id = short(git(root, "rev-parse", "HEAD"));
    expect(await found()).toEqual([`message of commit ${id} line 3, commit ${id}: held a password`]);
  });

  test("have what only a merge changed", async () => {
    const before = git(root, "rev-parse", "HEAD");
    git(root, "checkout", "--quiet", "-b", "branch");
    commitFile("b.txt", "text\n");
    git(root, "checkout", "--quiet", "main");
    commitFile("c.txt", "text\n");
    git(root, "merge", "--quiet", "--no-commit", "branch");
    const leak = commitFile("d.txt", pem);
    rmSync(join(root, "d.txt"));
    commit(root, "Remove it");
    expect(await found(root, before)).toEqual([`d.txt line 1, commit ${short(leak)}: held a private key`]);
  });

  test("are looked through whatever attributes and settings say of a difference", async () => {
    const before = commitFile(".gitattributes", "*.txt -diff binary\n");
    git(root, "config", "diff.noprefix", "true");
    git(root, "config", "diff.external", "true");
    git(root, "config", "log.showSignature", "true");
    git(root, "config", "color.ui", "always");
    git(root, "config", "core.quotePath", "true");
    const leak = commitFile("é ü\t.txt", pem);
    rmSync(join(root, "é ü\t.txt"));
    commit(root, "Remove it");
    expect(await found(root, before)).toEqual([`é ü\t.txt line 1, commit ${short(leak)}: held a private key`]);
  });

  test("are those that a shallow clone has", async () => {
    commitFile("b.txt", pem);
    commitFile("b.txt", "text\n");
    const clone = temporary("clone");
    git(clone, "clone", "--quiet", "--depth", "1", `file://${root}`, ".");
    expect(await found(clone)).toEqual([]);
    const deeper = temporary("clone");
    git(deeper, "clone", "--quiet", "--depth", "2", `file://${root}`, ".");
    expect(await found(deeper, "0".repeat(40))).toEqual([
      expect.stringMatching(/^b.txt line 1, commit \w{7}: held a private key$/),
    ]);
  });

  test("are unknown where the one before is", async () => {
    await expect(found(root, "1".repeat(40))).rejects.toThrow("this clone has no such commit");
  });
});

describe("the working tree", () => {
  test("is that of a folder of the repository, where the folder is what is validated", async () => {
    const inner = join(root, "inner");
    mkdirSync(inner);
    write("b.txt", pem);
    commitFile("inner/c.txt", pem);
    write("inner/c.txt", "text\n");
    commit(root, "Remove it");
    expect(await found(inner, "0".repeat(40))).toEqual([
      expect.stringMatching(/^c.txt line 1, commit \w{7}: held a private key$/),
    ]);
  });

  test("has links, which are not followed", async () => {
    const elsewhere = temporary("elsewhere");
    write("key", pem, elsewhere);
    symlinkSync(join(elsewhere, "key"), join(root, "to a key"));
    symlinkSync(elsewhere, join(root, "to a folder"));
    symlinkSync("loop", join(root, "loop"));
    symlinkSync(`KEYRING_PASSWORD=${password()}`, join(root, "text"));
    expect(await found()).toEqual(["text line 1: holds a password"]);
    commit(root, "Links");
    expect(await found()).toEqual(["text line 1: holds a password"]);
  });

  test("may have a pipe in a file's place, and a submodule", async () => {
    git(root, "update-index", "--add", "--cacheinfo", `160000,${git(root, "rev-parse", "HEAD")},sub`);
    mkdirSync(join(root, "sub"));
    rmSync(join(root, "a.txt"));
    execFileSync("mkfifo", [join(root, "a.txt"), join(root, "pipe")]);
    expect(await found()).toEqual([]);
  });
});

test("what git can't answer is an error with its words", async () => {
  rmSync(join(root, ".git/HEAD"));
  await expect(found()).rejects.toThrow(/^`git [a-z-]+` failed: fatal: not a git repository/);
});

test("what is staged is what differs from the last commit", async () => {
  commitFile("b.txt", pem);
  write("c.txt", pem);
  git(root, "add", "c.txt");
  write("d.txt", pem);
  const { findings, count } = await secretsIn(stagedContents(root));
  expect(findings.map(({ object }) => object)).toEqual(["c.txt"]);
  expect(count).toBe(1);
});
