import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { accountAddress } from "generators/mezod/address.ts";
import { releaseWarning } from "tools/cluster/network/own-mezod.ts";
import { whyNotRunnable } from "tools/mezod/executable-format.ts";
import { type OwnMezod, ownMezod, requireOwnMezods } from "tools/mezod/own.ts";
import { hasPoa, mezodPath } from "tools/mezod/program.ts";
import { makeTestnet } from "tools/mezod/testnet.ts";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { accountOf } from "../support/chain/evm.ts";
import { describeWithMezod } from "../support/describe-with-mezod.ts";

const root = resolve(import.meta.dirname, "../..");
const fix = "give the path of a mezod for Linux and this machine, or unset MEZOD";
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "own-mezod-"));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => rmSync(folder, { recursive: true }));

/** A file with that content and mode. */
function file(name: string, content: string | Buffer, mode = 0o755): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** The first bytes of a program for Linux on a processor, by its number in an ELF header. */
const elf = (machine: number) => Buffer.from([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1, ...Array(9).fill(0), 2, 0, machine, 0]);

const refusal = (path: string) => {
  vi.stubEnv("MEZOD", path);
  try {
    ownMezod("MEZOD");
  } catch (error) {
    return (error as Error).message;
  }
  return "accepted";
};

describe("a path that is no mezod for this machine is refused, with the variable, the value and the fix:", () => {
  test("nothing there", () => {
    const path = join(folder, "nothing");
    expect(refusal(path)).toBe(`MEZOD=${path} does not exist (looked for at ${path}): ${fix}`);
  });

  test("a folder", () => expect(refusal(folder)).toBe(`MEZOD=${folder} is not a file: ${fix}`));

  test("a file that is not executable", () => {
    const path = file("plain", elf(62), 0o644);
    expect(refusal(path)).toBe(`MEZOD=${path} is not executable (chmod +x makes it so): ${fix}`);
  });

  test("a script", () => {
    const path = file("script", '#!/bin/sh\nexec mezod "$@"\n');
    expect(refusal(path)).toBe(`MEZOD=${path} is a script and not the program itself: ${fix}`);
  });

  test("another processor's", () => {
    const path = file("other", elf(process.arch === "x64" ? 183 : 62));
    expect(refusal(path)).toMatch(/ is a program for (arm64|x64), and this machine is (x64|arm64): /);
  });

  test("one whose loader this machine lacks", () => {
    const text = readFileSync("/bin/true").toString("latin1").replace("/ld-linux", "/ld-other");
    const path = file("foreign", Buffer.from(text, "latin1"));
    expect(refusal(path)).toBe(`MEZOD=${path} can't be started here (ENOENT; \`ldd\` shows what it loads): ${fix}`);
  });

  test("one that is damaged", () => {
    const path = file("damaged", elf(process.arch === "x64" ? 62 : 183));
    expect(refusal(path)).toMatch(/ does not run here \(.*\): give the path/);
  });

  test("another program", () => {
    expect(refusal(process.execPath)).toContain(`MEZOD=${process.execPath} `);
    expect(refusal("/bin/true")).toContain("is no mezod (`genesis --help` has neither genval nor gentx)");
  });
});

test.each([
  ["macOS", Buffer.from("cffaedfe07000001030000000200000010000000", "hex"), "is a program for macOS"],
  ["Windows", Buffer.from("MZ\x90 and so on, for a while"), "is a program for Windows"],
  ["no system", Buffer.from("mezod is a blockchain node"), "is not a program"],
  ["nobody", Buffer.alloc(0), "is not a program"],
  ["this machine", elf(62), undefined],
  ["another processor", elf(183), "is a program for arm64, and this machine is x64"],
  [
    "a big-endian one",
    Buffer.from([...elf(0).subarray(0, 5), 2, ...Array(12).fill(0), 0, 22]),
    "is a program for machine 22, and this machine is x64",
  ],
])("a program's first bytes say that it is for %s", (_, head, reason) => {
  expect(whyNotRunnable(head, "x64")).toBe(reason);
});

test("`pnpm cluster up` ends with 1 before anything starts", () => {
  const env = { ...process.env, MEZOD: "no/such/mezod", INIT_CWD: folder, XDG_CACHE_HOME: join(folder, "cache") };
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/cluster.ts", "up"], {
    cwd: root,
    env,
    encoding: "utf8",
  });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toBe(
    `error: MEZOD=no/such/mezod does not exist (looked for at ${join(folder, "no/such/mezod")}): ${fix}\n`,
  );
});

describe("the warning about another release", () => {
  const own: OwnMezod = {
    path: "/m",
    validators: "poa",
    release: "v0.3.0-rc3",
    version: "0.3.0-rc3",
    knowsNetworks: true,
  };

  test("names both, and the field that joins them", () => {
    expect(releaseWarning(own, "v0.2.0-rc3")).toBe(
      "MEZOD=/m is v0.3.0-rc3, and generators/networks/local.ts is rendered for v0.2.0-rc3: set image.tag there to v0.3.0-rc3, so that its files fit the program",
    );
  });

  test("says so of a version that is no release", () => {
    const built = { ...own, release: undefined, version: "0.2.0-rc3-4-g1a2b3c4" };
    expect(releaseWarning(built, "v0.2.0-rc3")).toContain('MEZOD=/m calls itself "0.2.0-rc3-4-g1a2b3c4", which is no');
  });

  test("is not there where they agree, and for the stand-in, which has no release", () => {
    expect(releaseWarning(own, "v0.3.0-rc3")).toBeUndefined();
    expect(releaseWarning({ ...own, validators: "staking", release: undefined }, "v0.2.0-rc3")).toBeUndefined();
  });
});

describeWithMezod("a mezod of one's own, for which the stand-in serves here", () => {
  let path: string;
  beforeAll(async () => {
    const built = await mezodPath();
    path = join(folder, "mezod");
    copyFileSync(built, path);
  }, 600_000);

  test("is asked what it is, and leaves nothing behind", () => {
    vi.stubEnv("MEZOD", path);
    const temporary = join(folder, "temporary");
    mkdirSync(temporary);
    vi.stubEnv("TMPDIR", temporary);
    expect(ownMezod("MEZOD")).toMatchObject({ path, validators: hasPoa() ? "poa" : "staking" });
    expect(readdirSync(temporary)).toEqual([]);
  });

  test("is found by a path that is relative to where the command was run", async () => {
    vi.stubEnv("INIT_CWD", join(folder, "elsewhere"));
    vi.stubEnv("MEZOD", relative(join(folder, "elsewhere"), path));
    expect(await mezodPath()).toBe(path);
  });

  test("makes the artifacts of a network", async () => {
    vi.stubEnv("MEZOD", path);
    const artifacts = join(folder, "artifacts");
    mkdirSync(artifacts);
    await makeTestnet(artifacts, { validators: 1, chainId: "mezo_31611-10", host: () => "one.example.org" });
    const { app_state, chain_id } = JSON.parse(readFileSync(join(artifacts, "genesis.json"), "utf8"));
    expect(chain_id).toBe("mezo_31611-10");
    expect(readFileSync(join(artifacts, "seeds.txt"), "utf8")).toMatch(/^[0-9a-f]{40}@one\.example\.org:26656\n$/);
    // Transactions of Ethereum's kind are signed with the same key as the chain's own.
    const accounts = ["mezo-node-0", "mezo-faucet"].map((name) => accountOf(artifacts, name).address.slice(2));
    const balances = app_state.bank.balances.map(({ address }: { address: string }) => address);
    expect(balances.sort()).toEqual(accounts.map((hex) => accountAddress("mezo", hex)).sort());
  });

  test("goes on to a release only from one", () => {
    vi.stubEnv("MEZOD_NEXT", path);
    vi.stubEnv("MEZOD", "");
    expect(requireOwnMezods).toThrow(
      "MEZOD_NEXT is set and MEZOD is not: set MEZOD to the release before the upgrade, or unset MEZOD_NEXT",
    );
    vi.stubEnv("MEZOD", path);
    expect(requireOwnMezods).not.toThrow();
  });
});
