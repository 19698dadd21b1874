import { execFileSync } from "node:child_process";

/** Runs git as nobody in particular, whatever the machine's configuration says. */
export const git = (root: string, ...args: string[]): string =>
  execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.org", ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
  }).trim();

/** Commits all that there is. */
export function commit(root: string, message: string): string {
  git(root, "add", "--all");
  git(root, "commit", "--quiet", "--allow-empty", "--message", message);
  return git(root, "rev-parse", "HEAD");
}
