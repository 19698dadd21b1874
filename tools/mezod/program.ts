import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildOnce } from "../tool.ts";

const folder = import.meta.dirname;

/**
 * Why the chain's node can't be had here, if so. It is built with a C compiler, and its tests run on addresses of
 * 127.0.0.0/8 that only Linux has.
 */
export const missing: string | undefined =
  process.platform !== "linux"
    ? "needs Linux"
    : spawnSync(process.env.CC ?? "gcc", ["--version"]).error
      ? "needs a C compiler: install gcc"
      : undefined;

/** A test's name, with why it is skipped where it is. */
export const unlessMissing = (name: string) => (missing ? `${name} (skipped: ${missing})` : name);

/**
 * The path of a program named mezod: a stand-in for the chain's own node, which no registry has (main.go says what it
 * lacks). Built on first use, like the tools.
 */
export function mezodPath(): Promise<string> {
  const pins = ["go.mod", "go.sum", "ethereum_sidecar.go", "main.go"].map((file) =>
    readFileSync(join(folder, file), "utf8"),
  );
  const version = /cosmos\/evm (v[\d.]+)/.exec(pins[0] ?? "")?.[1] ?? "";
  return buildOnce({ name: "mezod", version, folder, main: ".", pins, cgo: true, duration: "six minutes" });
}
