import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { blobId, objectsOf, sizesOf } from "scripts/lib/git-objects.ts";
import { askGit, GitError, runGit } from "scripts/lib/run-git.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { temporary } from "../../support/artifacts.ts";
import { commit, git } from "../../support/git.ts";

let root: string;
beforeEach(() => {
  root = temporary("git");
  git(root, "init", "--quiet");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("objects", () => {
  const contents = [
    ["nothing", Buffer.of()],
    ["no line break at its end", Buffer.from("a")],
    ["what looks like the answer of git", Buffer.from(`\n${"0".repeat(40)} blob 3\nabc\n${"0".repeat(40)} missing\n`)],
    ["bytes that are no text", Buffer.from([0, 255, 10, 254, 13, 10])],
    ["more than a pipe holds", Buffer.alloc(300_000, "x\n")],
  ] as const;

  test("are read as they are, whatever they hold", async () => {
    for (const [name, bytes] of contents) writeFileSync(join(root, name), bytes);
    const head = commit(root, "the message");
    const ids = contents.map(([, bytes]) => blobId(bytes));
    expect(ids).toEqual(contents.map(([name]) => git(root, "rev-parse", `HEAD:${name}`)));
    const objects = await objectsOf(root, [...ids, head, ...ids]);
    expect([...objects.keys()]).toEqual([...ids, head]);
    expect(ids.map((id) => objects.get(id))).toEqual(contents.map(([, bytes]) => ({ type: "blob", bytes })));
    expect(objects.get(head)).toEqual({ type: "commit", bytes: expect.any(Buffer) });
    expect(String(objects.get(head)?.bytes)).toMatch(/^tree .*\n\nthe message\n$/s);
    expect(await sizesOf(root, ids)).toEqual(contents.map(([, bytes]) => bytes.length));
  });

  test("of a repository with SHA-256 have longer ids", async () => {
    const other = temporary("git");
    git(other, "init", "--quiet", "--object-format=sha256");
    writeFileSync(join(other, "a"), "text\n");
    const head = commit(other, "a");
    const id = blobId(Buffer.from("text\n"), head);
    expect(id).toHaveLength(64);
    expect((await objectsOf(other, [id])).get(id)).toEqual({ type: "blob", bytes: Buffer.from("text\n") });
  });

  test("that git does not have are an error with its words", async () => {
    const id = "1".repeat(40);
    const words = `${id} missing; if this is a partial clone, run \`git fetch --refetch --no-filter\``;
    await expect(objectsOf(root, [id])).rejects.toThrow(new GitError(`git can't read an object: ${words}`));
    expect(await sizesOf(root, [id])).toEqual([words]);
  });

  test("are not asked for where there are none", async () => {
    expect([...(await objectsOf("/does/not/exist", []))]).toEqual([]);
    expect(await sizesOf("/does/not/exist", [])).toEqual([]);
  });
});

describe("git", () => {
  test("speaks English, locks nothing, asks nobody and fetches nothing", async () => {
    const config = ["-c", "alias.show-settings=!env"];
    for (const options of [{}, { inHook: true }]) {
      const settings = String(await askGit(root, [...config, "show-settings"], options)).split("\n");
      expect(settings).toEqual(
        expect.arrayContaining(["LC_ALL=C", "GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "GIT_NO_LAZY_FETCH=1"]),
      );
    }
  });

  test("reads the folder's own repository and index, and in a hook those that the environment names", async () => {
    writeFileSync(join(root, "own"), "a");
    git(root, "add", "own");
    const other = temporary("git");
    git(other, "init", "--quiet");
    writeFileSync(join(root, "other"), "a");
    git(root, "--git-dir", join(other, ".git"), "--work-tree", root, "add", "other");
    const files = async (inHook: boolean) => String(await askGit(root, ["ls-files"], { inHook }));

    vi.stubEnv("GIT_DIR", join(other, ".git"));
    vi.stubEnv("GIT_WORK_TREE", root);
    expect([await files(false), await files(true)]).toEqual(["own\n", "other\n"]);
    vi.unstubAllEnvs();
    vi.stubEnv("GIT_INDEX_FILE", join(other, ".git/index"));
    expect([await files(false), await files(true)]).toEqual(["own\n", "other\n"]);
  });

  test.each([
    ["fails", ["rev-parse", "--verify", "nothing"], "`git rev-parse` failed: fatal: Needed a single revision"],
    ["fails without a word", ["rev-parse", "--verify", "--quiet", "x"], "`git rev-parse` failed: exit code 1"],
  ])("that %s is an error", async (_, args, message) => {
    await expect(askGit(root, args)).rejects.toThrow(new GitError(message));
  });

  test("that is not installed is an error", async () => {
    vi.stubEnv("PATH", "/does/not/exist");
    expect(await runGit(root, ["status"])).toEqual({
      code: 127,
      stdout: Buffer.of(),
      stderr: "git is not on the PATH",
    });
    await expect(askGit(root, ["status"])).rejects.toThrow("`git status` failed: git is not on the PATH");
  });

  test("may end before it has read all of its input", async () => {
    mkdirSync(join(root, "a"));
    expect(await runGit(root, ["no-such-command"], { input: "x".repeat(1_000_000) })).toMatchObject({ code: 1 });
  });
});
