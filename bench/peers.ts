import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "scripts/cli.ts";
import { cacheKey, cachePath, makeOnce } from "tools/cache.ts";
import { progress } from "tools/progress.ts";
import { buildOnce } from "tools/tool.ts";
import { time } from "./run.ts";

const sources = join(import.meta.dirname, "peers");

/** The pnpm that runs this command. */
export function pnpmPath(): string {
  const path = process.env.npm_execpath;
  if (!path) throw new Failure("start it with pnpm, which it measures too: npx --yes pnpm@<version> bench");
  return path;
}

/** The folder with the peers that npm has, installed on first use; later uses need no network. */
export function installedPeers(): Promise<string> {
  const files = ["package.json", "pnpm-lock.yaml", "kosko/env/index.js"];
  const key = cacheKey(files.map((name) => readFileSync(join(sources, name), "utf8")));
  return makeOnce(cachePath("bench", `peers-${key}`), async (temporary, signal) => {
    const done = progress("installing cdk8s and kosko, once, a download of about 30 MB", "installed them");
    cpSync(sources, temporary, { recursive: true });
    const args = ["install", "--ignore-workspace", "--frozen-lockfile", "--ignore-scripts"];
    await time({ program: pnpmPath(), args, cwd: temporary }, { folder: temporary, signal });
    done();
  });
}

/** The path of helm, built on first use as the tools are. */
export function helmPath(): Promise<string> {
  const folder = join(import.meta.dirname, "helm");
  const pins = ["go.mod", "go.sum"].map((name) => readFileSync(join(folder, name), "utf8"));
  const main = "helm.sh/helm/v4/cmd/helm";
  return buildOnce({ name: "helm", version: helmVersion(), folder, main, pins, duration: "three minutes" });
}

/** The version of helm that its go.mod pins. */
export const helmVersion = () =>
  /helm\.sh\/helm\/v4 (v[\d.]+)/.exec(readFileSync(join(import.meta.dirname, "helm/go.mod"), "utf8"))?.[1] ?? "";

/** The version of a peer that npm has. */
export const peerVersion = (name: string): string =>
  JSON.parse(readFileSync(join(sources, "package.json"), "utf8")).dependencies[name];
