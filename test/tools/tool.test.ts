import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { kubernetes, moduleDir } from "tools/schemas/modules.ts";
import { crdFiles, schemasDir } from "tools/schemas.ts";
import { type ToolName, toolNames, toolPath, toolVersion } from "tools/tool.ts";
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { makeCheckout } from "../support/checkout.ts";

const tools = join(import.meta.dirname, "../../tools");
const bin = (name: ToolName, folder = tools) => join(folder, "bin", `${name}.cjs`);
let empty: string;

/** Runs a tool's command as `pnpm exec` does. */
function run(script: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [script, ...args], { encoding: "utf8", env: { ...process.env, ...env } });
}

beforeAll(() => Promise.all([...toolNames.map(toolPath), schemasDir("1.37.2")]), 900_000);
beforeEach(() => {
  empty = mkdtempSync(join(tmpdir(), "tools-test-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(empty, { recursive: true });
});

describe("the commands", () => {
  test("are the pinned versions", () => {
    expect(toolVersion("kustomize")).toBe("v5.8.2");
    expect(toolVersion("kubeconform")).toBe("v0.8.0");
    expect(toolVersion("kubeseal")).toBe("v0.40.0");
    expect(toolVersion("gitleaks")).toBe("v8.30.1");
    expect(toolVersion("kube-score")).toBe("v1.20.0");
    expect(run(bin("kustomize"), ["version"])).toMatchObject({ status: 0, stdout: "v5.8.2\n", stderr: "" });
    expect(run(bin("kubeconform"), ["-v"])).toMatchObject({ status: 0, stdout: "development\n", stderr: "" });
    expect(run(bin("kubeseal"), ["--version"])).toMatchObject({ status: 0, stdout: "kubeseal version: v0.40.0\n" });
    expect(run(bin("gitleaks"), ["--version"])).toMatchObject({ status: 0, stdout: "gitleaks version 8.30.1\n" });
    expect(run(bin("kube-score"), ["version"]).stdout).toContain("kube-score version: 1.20.0");
  });

  test("pass on the exit code and arguments with spaces", () => {
    const { status, stderr } = run(bin("kustomize"), ["build", join(empty, "no such folder")]);
    expect(status).toBe(1);
    expect(stderr).toContain("no such folder");
    expect(run(bin("kubeconform"), ["-no-such-flag"]).status).toBe(1);
  });

  test("pass on a signal", async () => {
    // kubeconform waits for its standard input.
    const child = spawn(process.execPath, [bin("kubeconform"), "-debug", "-"], { stdio: ["pipe", "ignore", "ignore"] });
    const exit = once(child, "exit");
    await new Promise((done) => setTimeout(done, 1000));
    child.kill("SIGTERM");
    expect(await exit).toEqual([null, "SIGTERM"]);
  });
});

describe("a tool that the environment names", () => {
  test("is used as it is", async () => {
    vi.stubEnv("KUSTOMIZE", process.execPath);
    expect(await toolPath("kustomize")).toBe(process.execPath);
    expect(run(bin("kustomize"), ["-p", "6 * 7"]).stdout).toBe("42\n");
  });

  test.each([
    ["does not exist", "/does/not/exist"],
    ["is a folder", tools],
    ["is not executable", join(tools, "package.json")],
  ])("that %s is refused", (_, path) => {
    const stderr = `error: KUSTOMIZE=${path} is not an executable file: give the path of one, or unset KUSTOMIZE\n`;
    expect(run(bin("kustomize"), ["version"], { KUSTOMIZE: path })).toMatchObject({ status: 1, stdout: "", stderr });
  });
});

test("programs on the PATH are never used: not by a tool's command, nor by validate", () => {
  const mark = join(empty, "mark");
  for (const name of toolNames) {
    writeFileSync(join(empty, name), `#!/bin/sh\necho ${name} >>${mark}\n`, { mode: 0o755 });
  }
  const PATH = `${empty}:${process.env.PATH}`;
  expect(spawnSync("kubeseal", { env: { PATH } }).status).toBe(0);
  expect(readFileSync(mark, "utf8")).toBe("kubeseal\n");
  rmSync(mark);
  expect(run(bin("kubeseal"), ["--version"], { PATH }).stdout).toBe("kubeseal version: v0.40.0\n");
  const root = makeCheckout(join(empty, "checkout"));
  const { stdout, status } = run(join(root, "scripts/validate.ts"), [], { PATH });
  expect({ stdout, status }).toEqual({ stdout: expect.stringContaining("kubeconform"), status: 0 });
  expect(existsSync(mark)).toBe(false);
});

describe("without Go", () => {
  const PATH = "/does/not/exist";

  test("a tool that is not built yet says what to do", () => {
    const remedy =
      "install Go 1.26 or newer from your package manager, or set KUSTOMIZE to the path of kustomize v5.8.2";
    const stderr = `error: Go is not on the PATH: ${remedy}\n`;
    expect(run(bin("kustomize"), ["version"], { PATH, XDG_CACHE_HOME: empty })).toMatchObject({ status: 1, stderr });
    expect(readdirSync(join(empty, "mezo-staging/tools"))).toEqual([]);
  });

  test("so do the schemas", async () => {
    vi.stubEnv("PATH", PATH);
    vi.stubEnv("XDG_CACHE_HOME", empty);
    await expect(schemasDir("1.37.2")).rejects.toThrow(/^Go is not on the PATH: install Go 1.26/);
  });

  test("everything in the cache works", async () => {
    vi.stubEnv("PATH", PATH);
    expect(run(bin("kustomize"), ["version"]).stdout).toBe("v5.8.2\n");
    expect(readdirSync(await schemasDir("1.37.2")).length).toBeGreaterThan(80);
    expect(await crdFiles()).toHaveLength(12);
  });
});

describe("building", () => {
  // Go's build cache would move with XDG_CACHE_HOME, and every test would compile everything again.
  const GOCACHE = execFileSync("go", ["env", "GOCACHE"], { encoding: "utf8" }).trim();
  const inCache = () => readdirSync(join(empty, "mezo-staging/tools"), { recursive: true });

  test("by two processes at once leaves one binary with its record and nothing else", {
    timeout: 300_000,
  }, async () => {
    const env = { ...process.env, XDG_CACHE_HOME: empty, GOCACHE };
    const start = () =>
      spawn(process.execPath, [bin("kubeconform"), "-v"], { env, stdio: ["ignore", "ignore", "pipe"] });
    const exits = await Promise.all([start(), start()].map((child) => once(child, "exit")));
    expect(exits).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(inCache()).toEqual([
      expect.stringMatching(/^kubeconform-v0\.8\.0-[0-9a-f]{12}$/),
      expect.stringMatching(/^kubeconform-v0\.8\.0-[0-9a-f]{12}\/kubeconform$/),
      expect.stringMatching(/^kubeconform-v0\.8\.0-[0-9a-f]{12}\/kubeconform\.json$/),
    ]);
  });

  test("twice at once in one process builds once, and prints two lines", { timeout: 300_000 }, () => {
    const script = join(empty, "twice.ts");
    const module = pathToFileURL(join(tools, "tool.ts"));
    const twice = 'await Promise.all([toolPath("kubeconform"), toolPath("kubeconform")]);';
    writeFileSync(script, `import { toolPath } from "${module}";\n${twice}`);
    const { stderr } = run(script, [], { XDG_CACHE_HOME: empty, GOCACHE });
    expect(stderr.split("\n")).toEqual([
      expect.stringMatching(/^building kubeconform v0\.8\.0 with go1\.\S+ \(once; takes about a minute\) …$/),
      expect.stringMatching(/^built kubeconform v0\.8\.0 in \d+ s$/),
      "",
    ]);
  });

  test("the schemas by two processes at once leaves one folder and nothing else", async () => {
    const script = join(empty, "schemas.ts");
    const module = pathToFileURL(join(tools, "schemas.ts"));
    writeFileSync(script, `import { schemasDir } from "${module}";\nawait schemasDir("1.37.2");`);
    const start = () =>
      spawn(process.execPath, [script], { env: { ...process.env, XDG_CACHE_HOME: empty }, stdio: "ignore" });
    const exits = await Promise.all([start(), start()].map((child) => once(child, "exit")));
    expect(exits).toEqual([
      [0, null],
      [0, null],
    ]);
    expect(readdirSync(join(empty, "mezo-staging/schemas"))).toEqual([expect.stringMatching(/^1\.37\.2-/)]);
    expect(readdirSync(join(empty, "mezo-staging/crds"))).toHaveLength(1);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("ended by %s leaves nothing", { timeout: 60_000 }, async (signal) => {
    const env = { ...process.env, XDG_CACHE_HOME: empty, GOCACHE: join(empty, "go") };
    const child = spawn(process.execPath, [bin("kubeconform"), "-v"], { env, stdio: ["ignore", "ignore", "pipe"] });
    const exit = once(child, "exit");
    expect(String(await once(child.stderr, "data"))).toContain("building kubeconform");
    expect(inCache()).toContainEqual(expect.stringContaining(".making-"));
    child.kill(signal);
    expect(await exit).toEqual([null, signal]);
    expect(inCache()).toEqual([]);
  });
});

describe("a wrong checksum is refused", () => {
  test("of a tool", () => {
    const copy = join(makeCheckout(join(empty, "checkout")), "tools");
    const goSum = join(copy, "kubeconform/go.sum");
    const sums = readFileSync(goSum, "utf8");
    const [line = ""] = /^github.com\/yannh\/kubeconform v0\.8\.0 h1:.*$/m.exec(sums) ?? [];
    writeFileSync(goSum, sums.replace(line, `${line.slice(0, -5)}AAAA=`));

    const { status, stderr } = run(bin("kubeconform", copy), ["-v"], { XDG_CACHE_HOME: empty });
    expect(status).toBe(1);
    expect(stderr).toMatch(/^error: go build .*\n(.*\n)*.*checksum mismatch/m);
    expect(stderr).toContain("SECURITY ERROR");
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test("of a module with schemas", async () => {
    const wrong = { ...kubernetes["1.37.2"], sum: kubernetes["1.33.13"].sum };
    const { signal } = new AbortController();
    await expect(moduleDir(wrong, signal)).rejects.toThrow(
      /^checksum mismatch: k8s\.io\/kubernetes v1\.37\.2 is h1:A2VD/,
    );
    expect(await moduleDir(kubernetes["1.37.2"], signal)).toContain("kubernetes@v1.37.2");
  });
});
