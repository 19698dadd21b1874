import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Tree } from "generators/tree.ts";
import type { Cluster } from "tools/cluster/cluster.ts";

const author = ["-c", "user.name=test", "-c", "user.email=test@example.org"];

// An existing cluster's nodes have neither the image nor a chain. No pod would ever be ready, and each wave would wait.
// A Job that needs no completion is complete.
const withoutPods = (manifest: string) =>
  manifest
    .replace(/^ {2}replicas: 1$/m, "  replicas: 0")
    .replace(/^ {2}backoffLimit: 0$/m, "  backoffLimit: 0\n  completions: 0");

/** A clone of the cluster's repository, on a branch of its own that starts empty. */
export function repository({ folder, repoURL, isExisting }: Cluster, branch: string) {
  const clone = mkdtempSync(join(folder, "tmp", "clone-"));
  const git = (...args: string[]) =>
    execFileSync("git", [...author, ...args], {
      cwd: clone,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();
  git("init", "--quiet", `--initial-branch=${branch}`);
  git("remote", "add", "origin", repoURL);

  return {
    folder: clone,

    /** Replaces the branch's content with a tree, pushes it, and returns the commit. In an existing cluster it has no pods. */
    push(tree: Tree, message = "Change"): string {
      for (const name of readdirSync(clone)) if (name !== ".git") rmSync(join(clone, name), { recursive: true });
      for (const [path, content] of tree) {
        mkdirSync(dirname(join(clone, path)), { recursive: true });
        writeFileSync(join(clone, path), isExisting ? withoutPods(content) : content);
      }
      git("add", "--all");
      git("commit", "--quiet", "--allow-empty", "--message", message);
      git("push", "--quiet", "origin", branch);
      return git("rev-parse", "HEAD");
    },
  };
}

export type Repository = ReturnType<typeof repository>;
