import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { onTestFinished } from "vitest";

const repository = resolve(import.meta.dirname, "..");
const packages = ["generators", "scripts", "tools"];
const isInstalled = (path: string) => basename(path) === "node_modules";

/** A copy of the working tree that a test may break, gone when the test ends. */
export function checkout(): string {
  const root = mkdtempSync(join(tmpdir(), "checkout-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  return makeCheckout(root);
}

/** A copy of the working tree in a folder that the caller removes. */
export function makeCheckout(root: string): string {
  for (const part of [...packages, "base", "overlays", "package.json", "README.md"]) {
    cpSync(join(repository, part), join(root, part), { recursive: true, filter: (path) => !isInstalled(path) });
  }
  for (const folder of ["", ...packages]) linkModules(root, folder);
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

/** Installed packages are shared with the repository; the workspace's own come from the copy. */
function linkModules(root: string, folder: string): void {
  const installed = join(repository, folder, "node_modules");
  const target = join(root, folder, "node_modules");
  for (const name of moduleNames(installed)) {
    mkdirSync(join(target, name, ".."), { recursive: true });
    symlinkSync(packages.includes(name) ? join(root, name) : realpathSync(join(installed, name)), join(target, name));
  }
}

const moduleNames = (folder: string) =>
  readdirSync(folder).flatMap((name) =>
    name.startsWith("@")
      ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`)
      : name.startsWith(".")
        ? []
        : [name],
  );
