import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { linkModules, packages } from "tools/link-modules.ts";
import { onTestFinished } from "vitest";

const repository = resolve(import.meta.dirname, "../..");
const isInstalled = (path: string) => basename(path) === "node_modules";

/** A copy of the working tree that a test may break; it is removed when the test ends. */
export function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), "checkout-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return makeCheckout(root);
}

/** Copies the working tree into a folder, which the caller removes. */
export function makeCheckout(root: string): string {
  for (const part of [...packages, "base", "docs", "overlays", "package.json", "README.md", ".gitleaks.toml"]) {
    cpSync(join(repository, part), join(root, part), { recursive: true, filter: (path) => !isInstalled(path) });
  }
  linkModules(root);
  return root;
}

/** What a command printed and how it ended. */
export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a checkout's own script with the Node that runs this test. */
export function run(root: string, script: string, ...args: string[]): Ran {
  const { status, stdout, stderr } = spawnSync(process.execPath, [`scripts/${script}.ts`, ...args], {
    cwd: root,
    encoding: "utf8",
  });
  return { code: status, stdout, stderr };
}
