import { readFileSync } from "node:fs";
import { join } from "node:path";
import { buildOnce } from "tools/tool.ts";

const folder = import.meta.dirname;

/**
 * The path of a program named mezod: a stand-in for the chain's own node, which no registry has (main.go says what it
 * lacks). Built on first use, like the tools.
 */
export function mezodPath(): Promise<string> {
  const pins = ["go.mod", "go.sum", "main.go"].map((file) => readFileSync(join(folder, file), "utf8"));
  const version = /cosmos\/evm (v[\d.]+)/.exec(pins[0] ?? "")?.[1] ?? "";
  return buildOnce({ name: "mezod", version, folder, main: ".", pins, cgo: true, duration: "six minutes" });
}
