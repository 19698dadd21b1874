import { execFileSync, spawnSync } from "node:child_process";
import { hash } from "node:crypto";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { cachePath } from "tools/build/cache.ts";
import { schemasDir } from "tools/schemas.ts";
import { toolPath } from "tools/tool.ts";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

const tools = join(import.meta.dirname, "../../tools");
const nobody = 65534;
const isRoot = process.getuid?.() === 0;
// Owners and modes decide, and Windows has none.
const hasModes = process.getuid !== undefined;

/** A copy of the cache with kubeconform alone, which a test may break. */
interface Cache {
  /** The value of XDG_CACHE_HOME. */
  xdg: string;
  root: string;
  tools: string;
  folder: string;
  program: string;
  record: string;
  /** A folder outside of the cache. */
  outside: string;
  /** A file that a planted program writes. */
  mark: string;
}
let base: string;
let cache: Cache;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), "cache-test-"));
  const built = dirname(await toolPath("kubeconform"));
  const xdg = join(base, "xdg");
  const folder = join(xdg, "mezo-staging/tools", basename(built));
  cache = {
    xdg,
    root: join(xdg, "mezo-staging"),
    tools: join(xdg, "mezo-staging/tools"),
    folder,
    program: join(folder, "kubeconform"),
    record: join(folder, "kubeconform.json"),
    outside: join(base, "outside"),
    mark: join(base, "mark"),
  };
  for (const each of [cache.tools, cache.outside]) mkdirSync(each, { recursive: true, mode: 0o755 });
  cpSync(built, folder, { recursive: true });
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(base, { recursive: true });
});

/** Runs kubeconform's own command with the copy; Go is not at hand to build it again. */
const run = () =>
  spawnSync(process.execPath, [join(tools, "bin/kubeconform.cjs"), "-v"], {
    encoding: "utf8",
    env: { ...process.env, XDG_CACHE_HOME: cache.xdg, PATH: "/does/not/exist" },
  });

/** A program that tells that it was run. */
const planted = () => `#!/bin/sh\necho run >${cache.mark}\n`;
const plant = () => writeFileSync(cache.program, planted(), { mode: 0o755 });
const owned = (path: string) => chownSync(path, nobody, nobody);
/** Puts something elsewhere and a link to it in its place. */
function link(path: string): string {
  const target = join(cache.outside, basename(path));
  renameSync(path, target);
  symlinkSync(target, path);
  return target;
}
/** The command that a message gives for something of the cache. */
const remove = (path: string) => `run \`rm -r ${path}\`; the next command that needs it makes it again`;
const elsewhere = "set XDG_CACHE_HOME to a folder that only you can write";

interface Case {
  /** What is planted. */
  it: string;
  needsRoot?: true;
  plant(): void;
  /** The path that the message begins with. */
  path(): string;
  what: string;
  fix(): string;
}

const another = "belongs to another user (uid 65534)";
const cases: Case[] = [
  ...(["program", "record"] as const).map((part) => ({
    it: `a ${part} of another user`,
    needsRoot: true as const,
    plant: () => owned(cache[part]),
    path: () => cache[part],
    what: another,
    fix: () => remove(cache[part]),
  })),
  ...(["folder", "tools", "root"] as const).map((part) => ({
    it: `another user's ${part} in the cache`,
    needsRoot: true as const,
    plant: () => owned(cache[part]),
    path: () => cache[part],
    what: another,
    fix: () => remove(cache[part]),
  })),
  {
    it: "a folder of another user above the cache",
    needsRoot: true,
    plant: () => owned(cache.xdg),
    path: () => cache.xdg,
    what: another,
    fix: () => elsewhere,
  },
  {
    it: "another user's program with a matching record",
    needsRoot: true,
    plant() {
      plant();
      const sha256 = hash("sha256", planted());
      writeFileSync(cache.record, JSON.stringify({ sha256, identity: "" }));
      for (const path of [cache.program, cache.record, cache.folder]) owned(path);
    },
    path: () => cache.folder,
    what: another,
    fix: () => remove(cache.folder),
  },
  ...(
    [
      ["program", 0o775, "0775"],
      ["program", 0o757, "0757"],
      // The sticky bit protects what is in a folder.
      ["program", 0o1777, "1777"],
      ["record", 0o664, "0664"],
      ["record", 0o646, "0646"],
      ["folder", 0o775, "0775"],
      ["folder", 0o777, "0777"],
      ["tools", 0o777, "0777"],
      ["root", 0o777, "0777"],
      ["root", 0o1777, "1777"],
    ] as const
  ).map(([part, mode, words]) => ({
    it: `a ${part} of mode ${words}`,
    plant: () => chmodSync(cache[part], mode),
    path: () => cache[part],
    what: `can be written by other users (mode ${words})`,
    fix: () => `run \`chmod go-w ${cache[part]}\``,
  })),
  {
    it: "a folder above the cache that others can write",
    plant: () => chmodSync(cache.xdg, 0o777),
    path: () => cache.xdg,
    what: "can be written by other users (mode 0777)",
    fix: () => `run \`chmod go-w ${cache.xdg}\`, or ${elsewhere}`,
  },
  {
    it: "a link to the very program",
    plant: () => link(cache.program),
    path: () => cache.program,
    what: "is not a regular file",
    fix: () => remove(cache.folder),
  },
  {
    it: "a link to another program",
    plant() {
      writeFileSync(join(cache.outside, "kubeconform"), planted(), { mode: 0o755 });
      unlinkSync(cache.program);
      symlinkSync(join(cache.outside, "kubeconform"), cache.program);
    },
    path: () => cache.program,
    what: "is not a regular file",
    fix: () => remove(cache.folder),
  },
  {
    it: "a folder in the place of the program",
    plant() {
      unlinkSync(cache.program);
      mkdirSync(cache.program, { mode: 0o755 });
    },
    path: () => cache.program,
    what: "is not a regular file",
    fix: () => remove(cache.folder),
  },
  ...(["folder", "tools", "root"] as const).map((part) => ({
    it: `a file in the place of the ${part}`,
    plant() {
      rmSync(cache[part], { recursive: true });
      writeFileSync(cache[part], planted(), { mode: 0o755 });
    },
    path: () => cache[part],
    what: "is not a folder",
    fix: () => remove(cache[part]),
  })),
  {
    it: "a link to a folder that others can write",
    plant: () => chmodSync(link(cache.folder), 0o777),
    path: () => join(cache.outside, basename(cache.folder)),
    what: "can be written by other users (mode 0777)",
    fix: () => `run \`chmod go-w ${join(cache.outside, basename(cache.folder))}\`, or ${elsewhere}`,
  },
  {
    it: "a link into a folder that others can write",
    plant() {
      link(cache.tools);
      chmodSync(cache.outside, 0o777);
    },
    path: () => cache.outside,
    what: "can be written by other users (mode 0777)",
    fix: () => `run \`chmod go-w ${cache.outside}\`, or ${elsewhere}`,
  },
  {
    it: "a link to another user's folder",
    needsRoot: true,
    plant: () => owned(link(cache.folder)),
    path: () => join(cache.outside, basename(cache.folder)),
    what: another,
    fix: () => elsewhere,
  },
  {
    it: "a link that leads nowhere",
    plant: () => rmSync(link(cache.folder), { recursive: true }),
    path: () => cache.folder,
    what: "is a link that leads nowhere",
    fix: () => remove(cache.folder),
  },
  {
    it: "another content",
    plant,
    path: () => cache.program,
    what: "is not what was built (its SHA-256 is another)",
    fix: () => remove(cache.folder),
  },
  {
    it: "another content of the same size and time, written after a first run",
    plant() {
      expect(run().status).toBe(0);
      const { size, atime, mtime } = statSync(cache.program);
      writeFileSync(cache.program, planted().padEnd(size, "#"));
      utimesSync(cache.program, atime, mtime);
    },
    path: () => cache.program,
    what: "is not what was built (its SHA-256 is another)",
    fix: () => remove(cache.folder),
  },
  ...[0, 1_000_000].map((bytes) => ({
    it: `a program cut to ${bytes} bytes`,
    plant: () => truncateSync(cache.program, bytes),
    path: () => cache.program,
    what: "is not what was built (its SHA-256 is another)",
    fix: () => remove(cache.folder),
  })),
  ...(["program", "record"] as const).map((part) => ({
    it: `no ${part}`,
    plant: () => unlinkSync(cache[part]),
    path: () => cache[part],
    what: "is missing",
    fix: () => remove(cache.folder),
  })),
  ...["", '{"sha256":', "null", "{}", '{"sha256":1,"identity":""}'].map((text) => ({
    it: `the record ${JSON.stringify(text)}`,
    plant: () => writeFileSync(cache.record, text),
    path: () => cache.record,
    what: "does not hold the hash of the program",
    fix: () => remove(cache.folder),
  })),
];

describe.skipIf(!hasModes)("a program of the cache is not run when there is", () => {
  for (const { it, needsRoot, plant, path, what, fix } of cases) {
    test(it, ({ skip }) => {
      if (needsRoot && !isRoot) skip("only root can give a file to another user");
      plant();
      const { status, stdout, stderr } = run();
      expect({ status, stdout, stderr }).toEqual({
        status: 1,
        stdout: "",
        stderr: `error: ${path()} ${what}, so the cache is not used: ${fix()}\n`,
      });
      expect(existsSync(cache.mark)).toBe(false);
    });
  }
});

describe.skipIf(!hasModes)("a program of the cache is run", () => {
  const works = { status: 0, stdout: "development\n", stderr: "" };

  test("after a copy of the cache, which is hashed once", () => {
    const before = readFileSync(cache.record, "utf8");
    expect(run()).toMatchObject(works);
    const after = readFileSync(cache.record, "utf8");
    expect(JSON.parse(after)).toEqual({ ...JSON.parse(before), identity: expect.stringMatching(/^\d+( \d+){3}$/) });
    expect(after).not.toBe(before);
    expect(run()).toMatchObject(works);
    expect(readFileSync(cache.record, "utf8")).toBe(after);
    expect(readdirSync(cache.folder)).toEqual(["kubeconform", "kubeconform.json"]);
  });

  test("below a sticky folder that others can write", () => {
    chmodSync(cache.xdg, 0o1777);
    expect(run()).toMatchObject(works);
  });

  test("from a cache that the user linked to another disk", () => {
    link(cache.tools);
    link(cache.root);
    expect(run()).toMatchObject(works);
  });

  test("after the command of the message", () => {
    chmodSync(cache.folder, 0o777);
    const [, command = ""] = /`(.+)`/.exec(run().stderr) ?? [];
    execFileSync("/bin/sh", ["-c", command]);
    expect(run()).toMatchObject(works);
  });
});

test.skipIf(!hasModes)(
  "a user whose group may write by default builds what only the user may write",
  {
    timeout: 300_000,
  },
  async () => {
    const GOCACHE = execFileSync("go", ["env", "GOCACHE"], { encoding: "utf8" }).trim();
    rmSync(cache.xdg, { recursive: true });
    const script = `import { toolPath } from "${pathToFileURL(join(tools, "tool.ts"))}"; await toolPath("kubeconform");`;
    const command = 'umask 000; exec "$0" --input-type=module --eval "$1"';
    execFileSync("/bin/sh", ["-c", command, process.execPath, script], {
      env: { ...process.env, XDG_CACHE_HOME: cache.xdg, GOCACHE },
      stdio: "ignore",
    });
    const modes = [cache.root, cache.tools, cache.folder, cache.program, cache.record].map(
      (path) => statSync(path).mode & 0o777,
    );
    expect(modes).toEqual([0o755, 0o755, 0o755, 0o755, 0o644]);
    expect(run().status).toBe(0);
  },
);

test.skipIf(!hasModes)("schemas that others can write are not read", async () => {
  const schemas = await schemasDir("1.37.2");
  vi.stubEnv("XDG_CACHE_HOME", cache.xdg);
  const copy = cachePath("schemas", basename(schemas));
  mkdirSync(copy, { recursive: true });
  chmodSync(copy, 0o777);
  await expect(schemasDir("1.37.2")).rejects.toThrow(
    `${copy} can be written by other users (mode 0777), so the cache is not used: run \`chmod go-w ${copy}\``,
  );
});
