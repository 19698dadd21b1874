import { hash } from "node:crypto";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { OperatorError } from "generators/operator-error.ts";
import { $ } from "zx/core";
import { withInput } from "../lib/program.ts";
import { type Content, limit, type Place } from "./content.ts";

/** A file of the index or of a commit, or a commit's message, in git's store. */
export interface Blob {
  id: string;
  path: string;
  place: Place;
}

/** Whether a folder is in a git repository, or git is told of one, as it tells its hooks. */
export function isRepository(root: string): boolean {
  if (process.env.GIT_DIR || existsSync(join(root, ".git"))) return true;
  return dirname(root) !== root && isRepository(dirname(root));
}

/** Files of the working tree that git would take, and does not have. Throws an OperatorError when git can't answer. */
export const untracked = async (root: string): Promise<string[]> =>
  records(await git(root, ["ls-files", "-z", "--others", "--exclude-standard"]));

/** All files of the index. Throws an OperatorError when git can't answer. */
export const indexBlobs = async (root: string): Promise<Blob[]> =>
  records(await git(root, ["ls-files", "-z", "--stage"])).flatMap((record) => {
    const [, mode = "", id = "", path = ""] = /^(\d+) (\w+) \d\t(.*)$/s.exec(record) ?? [];
    return isFile(mode) ? [{ id, path, place: "staged" as const }] : [];
  });

/** The files of the index that are others in the last commit. Throws an OperatorError when git can't answer. */
export const stagedBlobs = async (root: string): Promise<Blob[]> =>
  changedBlobs(
    await git(root, ["diff", "--cached", "--raw", "-z", "--no-renames", "--no-abbrev", "--no-ext-diff"]),
    "staged",
  );

/**
 * What the commits of a push added, with their messages. A file that one commit adds and the next one removes is there.
 *
 * @param since as for `allContent`.
 * @throws {OperatorError} when git can't answer.
 */
export async function pushedBlobs(root: string, since?: string): Promise<Blob[]> {
  const commits = await pushedCommits(root, since);
  if (commits.length === 0) return [];
  // Not `git log`: it leaves out what a merge changed, and what an attribute calls binary.
  const options = ["--stdin", "-r", "-m", "--root", "--relative", "--raw", "-z", "--no-renames", "--no-abbrev"];
  const trees = await git(root, ["diff-tree", ...options], `${commits.join("\n")}\n`);
  // Each commit's id, once for each parent, and what it changed.
  const changed = trees.split(/(?:^|\0)([0-9a-f]{40,64})\0/).slice(1);
  return [
    ...commits.map((id) => ({ id, path: "", place: commitPlace(id) })),
    ...changed.flatMap((id, i) => (i % 2 === 0 ? changedBlobs(changed[i + 1] ?? "", commitPlace(id)) : [])),
  ];
}

async function pushedCommits(root: string, since?: string): Promise<string[]> {
  const unborn = (await run(root, ["rev-parse", "--quiet", "--verify", "HEAD"])).exitCode === 1;
  if (unborn) return [];
  const list = async (...range: string[]) => lines(await git(root, ["rev-list", "HEAD", ...range]));
  if (since !== undefined) return /^0+$/.test(since) ? list() : list("--not", since);
  const [line = ""] = lines(await git(root, ["rev-list", "--parents", "--max-count=1", "HEAD"]));
  const [, parent] = line.split(" ");
  const last = parent === undefined ? await list() : await list("--not", parent);
  const hasRemote = (await git(root, ["for-each-ref", "--count=1", "refs/remotes"])) !== "";
  return [...new Set([...(hasRemote ? await list("--not", "--remotes") : []), ...last])];
}

/** Blobs that `git diff --raw -z` names: ":old-mode new-mode old-id new-id status", then the path. */
const changedBlobs = (raw: string, place: Place): Blob[] =>
  [...raw.matchAll(/:\d+ (\d+) \w+ (\w+) \w+\0([^\0]*)\0?/g)].flatMap(([, mode = "", id = "", path = ""]) =>
    isFile(mode) ? [{ id, path, place }] : [],
  );

// A file, an executable one, or a link, whose text is where it leads to. Not a submodule, nor what is deleted.
const isFile = (mode: string) => mode.startsWith("10") || mode.startsWith("12");

const commitPlace = (id: string): Place => `commit ${id.slice(0, 7)}`;

/** The id that git gives to a file's content, in the algorithm of another id. */
export const blobId = (bytes: Buffer, like = ""): string =>
  hash(like.length === 64 ? "sha256" : "sha1", Buffer.concat([Buffer.from(`blob ${bytes.length}\0`), bytes]));

// At a time, so that a long history is not in memory as a whole.
const batchBytes = 32_000_000;

/** The content of some blobs, each once, in their order. Throws an OperatorError when git can't answer. */
export async function* blobContents(root: string, blobs: readonly Blob[]): AsyncGenerator<Content> {
  const wanted = [...new Map(blobs.toReversed().map((blob) => [blob.id, blob])).values()].toReversed();
  const sizes = await sizesOf(root, wanted);
  let group: Blob[] = [];
  let bytes = 0;
  for (const [i, blob] of wanted.entries()) {
    const size = sizes[i] ?? 0;
    if (size > limit) yield { path: blob.path, place: blob.place, bytes: undefined };
    else if (bytes + size <= batchBytes) [group, bytes] = [[...group, blob], bytes + size];
    else {
      yield* read(root, group);
      [group, bytes] = [[blob], size];
    }
  }
  yield* read(root, group);
}

async function sizesOf(root: string, blobs: readonly Blob[]): Promise<number[]> {
  const answers = lines(await git(root, ["cat-file", "--batch-check=%(objectsize)"], ids(blobs)));
  return blobs.map(({ path, place }, i) => {
    const size = Number(answers[i]);
    // "<id> missing", as in a partial clone.
    if (!Number.isInteger(size)) throw new OperatorError(`git can't read ${path} (${place}): ${answers[i]}`);
    return size;
  });
}

async function* read(root: string, blobs: readonly Blob[]): AsyncGenerator<Content> {
  const bytes = (await run(root, ["cat-file", "--batch"], ids(blobs))).buffer();
  let at = 0;
  for (const { path, place } of blobs) {
    // "<id> <type> <size>", the content, and a line break.
    const start = bytes.indexOf("\n", at) + 1;
    const [, type, size] = bytes.toString("utf8", at, start).split(" ");
    const content = bytes.subarray(start, start + Number(size));
    yield { path, place, bytes: type === "commit" ? content.subarray(content.indexOf("\n\n") + 2) : content };
    at = start + Number(size) + 1;
  }
}

const ids = (blobs: readonly Blob[]) => blobs.map(({ id }) => `${id}\n`).join("");

const records = (output: string) => output.split("\0").filter(Boolean);
const lines = (output: string) => output.split("\n").filter(Boolean);

async function git(root: string, args: readonly string[], input = ""): Promise<string> {
  const { exitCode, stdout, stderr } = await run(root, args, input);
  if (exitCode !== 0) throw new OperatorError(`git ${args[0]} failed: ${stderr.trim()}`);
  return stdout;
}

const run = (root: string, args: readonly string[], input = "") =>
  // What a partial clone lacks is not fetched: validation needs no network.
  withInput(
    $({ cwd: root, nothrow: true, quiet: true, env: { ...process.env, GIT_NO_LAZY_FETCH: "1" } })`git ${args}`,
    input,
  );
