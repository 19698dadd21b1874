import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { everyFile } from "scripts/lib/files.ts";
import { trackedFiles } from "scripts/lib/git.ts";
import { linkModules } from "tools/link-modules.ts";
import { expect, onTestFinished, test } from "vitest";
import { run } from "../support/checkout.ts";

const repository = resolve(import.meta.dirname, "../..");

/** Commits files with git's defaults and clones them as git for Windows does, which asks for CRLF. */
function cloneWithCrlf(fill: (folder: string) => void): string {
  const folder = mkdtempSync(join(tmpdir(), "line-endings-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [origin, clone] = [join(folder, "origin"), join(folder, "clone")];
  const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
  git("init", "--quiet", origin);
  fill(origin);
  git("-C", origin, "add", "--all");
  git("-C", origin, "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet", "--message=All");
  git("clone", "--quiet", "-c", "core.autocrlf=true", origin, clone);
  return clone;
}

/** The working tree, without some of its files. */
async function workingTree(...left: string[]): Promise<(folder: string) => void> {
  const paths = ((await trackedFiles(repository)) ?? everyFile(repository)).filter(
    (path) => !left.includes(path) && existsSync(join(repository, path)),
  );
  return (folder) => {
    for (const path of paths) cpSync(join(repository, path), join(folder, path));
  };
}

const hasCrlf = (folder: string, path: string) => readFileSync(join(folder, path), "utf8").includes("\r\n");
const manifest = "base/mezo-node-0/statefulset.yaml";

test("a clone that asks for CRLF is valid all the same", async () => {
  const clone = cloneWithCrlf(await workingTree());
  linkModules(clone);
  expect(everyFile(clone).filter((path) => hasCrlf(clone, path))).toEqual([]);
  const { code, stdout, stderr } = run(clone, "validate");
  expect(stderr).toBe("");
  expect(stdout).not.toMatch(/^ +error /m);
  expect(code).toBe(0);
});

test("without .gitattributes it would have other files than `pnpm gen` writes", async () => {
  expect(hasCrlf(cloneWithCrlf(await workingTree(".gitattributes")), manifest)).toBe(true);
});

test.each([
  "generators/networks/example/genesis.json",
  "overlays/example/config/genesis.json",
  "overlays/example/keystores/mezo-node-0-keystore.yaml",
  "overlays/example/keystores/certificates/current.pem",
])("%s stays as its tool wrote it, CRLF included", (path) => {
  const clone = cloneWithCrlf((folder) => {
    cpSync(join(repository, ".gitattributes"), join(folder, ".gitattributes"));
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), "a\r\nb\nc\r\n");
  });
  expect(readFileSync(join(clone, path), "utf8")).toBe("a\r\nb\nc\r\n");
});
