import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { goProgram } from "../build/go-program.ts";
import { ownMezod } from "./own.ts";

const folder = import.meta.dirname;

/**
 * Why this machine cannot run mezod, as a predicate such as "needs Linux"; undefined where it can. The stand-in is built
 * with a C compiler, and its networks use addresses of 127.0.0.0/8 that only Linux has.
 */
export const mezodUnavailable: string | undefined = whyUnavailable();

function whyUnavailable(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  if (process.env.MEZOD) return undefined;
  const compiler = spawnSync(process.env.CC ?? "gcc", ["--version"]);
  return compiler.error ? "needs a C compiler: install gcc" : undefined;
}

/**
 * Whether validators are those of x/poa, as with the chain's own node. The stand-in has those of x/staking.
 *
 * @throws {OperatorError} when MEZOD is set to no mezod that runs here.
 */
export const hasPoa = (): boolean => ownMezod("MEZOD")?.validators === "poa";

/**
 * The path of a program named mezod: the operator's own where MEZOD names one, otherwise what stands in for the chain's own
 * node, which no registry has; main.go says what it lacks. The stand-in is built on first use, as the tools are.
 *
 * @throws {OperatorError} when MEZOD is set to no mezod that runs here, or the build fails.
 */
export const mezodPath = async (): Promise<string> => ownMezod("MEZOD")?.path ?? build();

/**
 * The path of the stand-in as a release that carries out plans of x/upgrade; next_release.go says what it has more. For a
 * program of the operator's own, MEZOD_NEXT names that release.
 *
 * @param plans their names, oldest first.
 */
export const nextMezodPath = (plans: readonly string[]): Promise<string> => build(`-X main.plans=${plans.join(",")}`);

function build(ldflags = ""): Promise<string> {
  const sources = readdirSync(folder).filter((file) => /^go\.(mod|sum)$|\.go$/.test(file));
  const pins = sources.sort().map((file) => readFileSync(join(folder, file), "utf8"));
  const version = /cosmos\/evm (v[\d.]+)/.exec(pins.join("\n"))?.[1] ?? "";
  return goProgram({ name: "mezod", version, folder, main: ".", pins, cgo: true, ldflags, duration: "six minutes" });
}
