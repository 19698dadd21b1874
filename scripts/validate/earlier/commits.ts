import { commitNamed, commitSince, headCommit, isShallow, parentOf } from "../../lib/git.ts";
import { GitError } from "../../lib/run-git.ts";

/** The commits that the files may be compared with. */
export interface EarlierCommits {
  /** The last one; none in a repository without a commit. */
  head?: string | undefined;
  /** The one before it; none where it is the first. */
  before(): Promise<string | undefined>;
  named?: string | undefined;
}

/**
 * The commits to compare with.
 *
 * @param since the name of one, as for `commitSince`.
 * @throws {OperatorError} when the clone does not have the named one.
 * @throws {GitError} when git can't say. `before` throws it, too, where a shallow clone ends too early.
 */
export async function earlierCommits(root: string, since?: string): Promise<EarlierCommits> {
  const head = await headCommit(root);
  return {
    head,
    before: async () => (head === undefined ? undefined : await before(root, head)),
    named: await commitSince(root, since),
  };
}

async function before(root: string, head: string): Promise<string | undefined> {
  const parent = await parentOf(root, head);
  if (parent === undefined || (await commitNamed(root, parent))) return parent;
  const isCut = await isShallow(root);
  const words = isCut ? "this shallow clone does not have it: run `git fetch --unshallow`" : "its object is missing";
  throw new GitError(`the commit before HEAD is ${parent.slice(0, 7)}, and ${words}`);
}
