import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { isVersion } from "generators/mezod/version.ts";
import { OperatorError } from "generators/operator-error.ts";
import { whyNotRunnable } from "./executable-format.ts";

/** The variables that name programs of the operator's own: the chain's node, and its release after a planned upgrade. */
export type OwnVariable = "MEZOD" | "MEZOD_NEXT";

/** A mezod of the operator's own, and what it says of itself. */
export interface OwnMezod {
  /** Its absolute path. */
  path: string;
  /** What the validators of its chains are: those of x/poa, as with the chain's own node, or of x/staking. */
  validators: "poa" | "staking";
  /** The tag of its release, such as v0.2.0-rc3; undefined where what it says is none. */
  release: string | undefined;
  /** What `mezod version` prints. */
  version: string;
  /** Whether it knows the genesis of public networks by their chain ids, which `init` then takes. */
  knowsNetworks: boolean;
}

const asked = new Map<string, OwnMezod>();

/**
 * The program that a variable names, if any. A relative path is relative to where the command was run.
 *
 * @throws {OperatorError} when it is no mezod that runs here.
 */
export function ownMezod(variable: OwnVariable): OwnMezod | undefined {
  const value = process.env[variable];
  if (!value) return undefined;
  // pnpm runs a script in the package's folder, and says where it was run itself.
  const path = resolve(process.env.INIT_CWD ?? process.cwd(), value);
  const own = asked.get(path) ?? ask(path, (what) => refused(variable, value, what));
  asked.set(path, own);
  return own;
}

/**
 * Makes sure that both variables, where they are set, name programs that go together.
 *
 * @throws {OperatorError} when they do not.
 */
export function requireOwnMezods(): void {
  const [own, next] = [ownMezod("MEZOD"), ownMezod("MEZOD_NEXT")];
  if (!next) return;
  if (!own) {
    throw new OperatorError(
      "MEZOD_NEXT is set and MEZOD is not: set MEZOD to the release before the upgrade, or unset MEZOD_NEXT",
    );
  }
  if (own.validators === next.validators) return;
  throw new OperatorError(
    `MEZOD=${own.path} has validators of x/${own.validators} and MEZOD_NEXT=${next.path} of x/${next.validators}, so that no chain goes on from one to the other: give two releases of the same program`,
  );
}

type Refuse = (what: string) => OperatorError;

const refused = (variable: OwnVariable, value: string, what: string) =>
  new OperatorError(
    `${variable}=${value} ${what}: give the path of a mezod for Linux and this machine, or unset ${variable}`,
  );

function ask(path: string, refuse: Refuse): OwnMezod {
  const format = whyNotRunnable(headOf(path, refuse), process.arch);
  if (format) throw refuse(format);
  // It makes a home for itself, whatever it is asked.
  const home = mkdtempSync(join(tmpdir(), "mezod-"));
  try {
    const answer = (...words: string[]) => run(path, [...words, "--home", home], home, refuse);
    const commands = answer("genesis", "--help");
    const knows = (command: string) => new RegExp(`^ +${command}\\b`, "m").test(commands);
    if (!knows("genval") && !knows("gentx"))
      throw refuse("is no mezod (`genesis --help` has neither genval nor gentx)");
    const version = answer("version").trim();
    const tag = `v${version.replace(/^v/, "")}`;
    return {
      path,
      validators: knows("genval") ? "poa" : "staking",
      release: isVersion(tag) ? tag : undefined,
      version,
      knowsNetworks: answer("init", "--help").includes("--ignore-predefined"),
    };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** The first bytes of a file. */
function headOf(path: string, refuse: Refuse): Buffer {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw refuse(`does not exist (looked for at ${path})`);
  if (!stats.isFile()) throw refuse("is not a file");
  if ((stats.mode & 0o111) === 0) throw refuse("is not executable (chmod +x makes it so)");
  const file = openSync(path, "r");
  try {
    const head = Buffer.alloc(20);
    return head.subarray(0, readSync(file, head));
  } finally {
    closeSync(file);
  }
}

/** What the program prints for a question that needs no chain; some releases answer on standard error. */
function run(path: string, words: string[], home: string, refuse: Refuse): string {
  const env = { PATH: process.env.PATH, HOME: home };
  const { error, status, signal, stdout, stderr } = spawnSync(path, words, {
    env,
    cwd: home,
    encoding: "utf8",
    timeout: 30_000,
  });
  // Linux says so of a program whose loader is missing.
  if (error)
    throw refuse(`can't be started here (${(error as NodeJS.ErrnoException).code}; \`ldd\` shows what it loads)`);
  if (status !== 0)
    throw refuse(`does not run here (${stderr.trim().split("\n").at(-1) || `exit ${signal ?? status}`})`);
  return stdout + stderr;
}
