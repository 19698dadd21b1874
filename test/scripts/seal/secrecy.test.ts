import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { toolPath } from "tools/tool.ts";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { edit } from "../../support/artifacts.ts";
import { describeWithMezod } from "../../support/describe-with-mezod.ts";
import {
  copyOf,
  ethereumAddress,
  keystoreFiles,
  makeSealSetup,
  nodes,
  type SealSetup,
} from "../../support/seal-setup.ts";

describeWithMezod("secrecy", () => {
  let setup: SealSetup;
  let needles: Map<string, Buffer>;
  beforeAll(async () => {
    setup = await makeSealSetup();
    needles = forms(secrets());
  });

  /** Everything in the artifacts that must not be seen, as it is and as the bytes that it stands for. */
  function secrets(): Map<string, Buffer> {
    const found = new Map([["the Ethereum node's address", Buffer.from(ethereumAddress)]]);
    for (const node of nodes) {
      const read = (file: string) => readFileSync(join(setup.artifacts, node, file));
      for (const file of ["node_key.json", "priv_validator_key.json"]) {
        const key = Buffer.from(JSON.parse(read(`config/${file}`).toString()).priv_key.value, "base64");
        // The seed alone: the second half is public.
        found.set(`${node} ${file}`, key.subarray(0, 32));
      }
      const password = read("keyring_password.txt");
      found.set(`${node} password`, password).set(`${node} password's bytes`, Buffer.from(password.toString(), "hex"));
      found.set(`${node} mnemonic`, read("mnemonic.txt"));
      for (const [key, value] of Object.entries(keystoreFiles(setup, node))) {
        if (/keyhash|info|address/.test(key)) found.set(`${node} ${key}`, Buffer.from(value, "base64"));
      }
    }
    return found;
  }

  /** Each secret raw, in hex, and in base64 at each of the three places where it can begin in a longer text. */
  function forms(raw: Map<string, Buffer>): Map<string, Buffer> {
    return new Map(
      [...raw].flatMap(([name, bytes]) => [
        [`${name}, raw`, bytes],
        [`${name}, hex`, Buffer.from(bytes.toString("hex"))],
        [`${name}, HEX`, Buffer.from(bytes.toString("hex").toUpperCase())],
        ...[0, 1, 2].map((shift): [string, Buffer] => {
          const encoded = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
          // Only characters that depend on nothing but the secret.
          return [`${name}, base64 at ${shift}`, Buffer.from(encoded.slice(shift === 0 ? 0 : 4, -4))];
        }),
      ]),
    );
  }

  const seenIn = (bytes: Buffer) => [...needles].flatMap(([name, needle]) => (bytes.includes(needle) ? [name] : []));

  /** Looks at every process's arguments and environment, and at every file in some folders, until it is told to stop. */
  async function watch(folders: string[], stopped: () => boolean) {
    const seen = new Set<string>();
    const programs = new Set<string>();
    const known = new Map<string, Buffer>();
    while (!stopped()) {
      for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
        for (const file of ["cmdline", "environ"]) {
          const path = `/proc/${pid}/${file}`;
          const bytes = readable(path);
          // A process becomes another one under the same number: only what has not changed is known.
          if (known.get(path)?.equals(bytes)) continue;
          known.set(path, bytes);
          if (file === "cmdline") programs.add(/[^/]*$/.exec(bytes.toString().split("\0")[0] ?? "")?.[0] ?? "");
          for (const name of seenIn(bytes)) seen.add(`${file}: ${name}`);
        }
      }
      for (const name of folders.flatMap(inChangingFiles)) seen.add(name);
      await sleep(2);
    }
    return { seen: [...seen], programs };
  }

  function inFiles(folder: string): string[] {
    return readdirSync(folder, { withFileTypes: true, recursive: true }).flatMap((entry) => {
      const path = join(entry.parentPath, entry.name);
      return entry.isFile() ? seenIn(readable(path)).map((name) => `${path}: ${name}`) : [];
    });
  }

  /** The same while a command runs: where a folder goes away in between, the next look finds what is left. */
  function inChangingFiles(folder: string): string[] {
    try {
      return inFiles(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }

  /** A file's bytes, none where it is gone by now. */
  function readable(path: string): Buffer {
    try {
      return readFileSync(path);
    } catch {
      return Buffer.alloc(0);
    }
  }

  /** Runs the command with a home and a temporary folder of its own, and watches. */
  async function watched(command: string[], { cwd = "", input = "", env = {} } = {}) {
    const home = mkdtempSync(join(tmpdir(), "home-"));
    onTestFinished(() => rmSync(home, { recursive: true, force: true }));
    const temporary = join(home, "tmp");
    mkdirSync(temporary);
    const [program = "", ...args] = command;
    const child = spawn(program, args, {
      cwd,
      env: {
        PATH: process.env.PATH,
        HOME: home,
        TMPDIR: temporary,
        XDG_CACHE_HOME: process.env.XDG_CACHE_HOME ?? join(homedir(), ".cache"),
        ...env,
      },
    });
    const ended = once(child, "exit");
    child.stdin.end(input);
    const output = Promise.all([text(child.stdout), text(child.stderr)]);
    const { seen, programs } = await watch([home], () => child.exitCode !== null || child.signalCode !== null);
    await ended;
    const printed = (await output).join("");
    const afterwards = [home, cwd].filter(Boolean).flatMap((folder) => inFiles(folder));
    return {
      code: child.exitCode,
      printed,
      programs,
      left: readdirSync(temporary),
      seen: [...seen, ...afterwards, ...seenIn(Buffer.from(printed)).map((name) => `output: ${name}`)],
    };
  }

  const seal = (...args: string[]) => [process.execPath, "scripts/seal.ts", "local", ...args];

  describe.skipIf(process.platform !== "linux")(
    "no secret byte is in a process's arguments, its environment, or a file",
    () => {
      test("the watch itself sees what is there to see", async () => {
        const [[name = "", needle = Buffer.alloc(0)] = []] = [...needles].filter(([each]) => each.endsWith(", hex"));
        const hidden = needle.toString();
        const script = `require("node:fs").writeFileSync(process.env.TMPDIR + "/x", process.env.HIDDEN); console.log(process.env.HIDDEN); setTimeout(() => {}, 500)`;
        const { seen } = await watched([process.execPath, "-e", script, hidden], { env: { HIDDEN: hidden } });
        const places = seen.filter((each) => each.endsWith(name)).map((each) => each.replace(/\/.*\/tmp\/x/, "a file"));
        expect(new Set(places)).toEqual(
          new Set([`cmdline: ${name}`, `environ: ${name}`, `a file: ${name}`, `output: ${name}`]),
        );
      });

      const all = () => ["--from", setup.artifacts, "--cert", setup.cert, "--ethereum-node-address"];

      test("while everything is sealed, recovery material too, the address from standard input", async () => {
        const root = copyOf(setup.bare);
        const { code, seen, programs, left } = await watched(seal(...all(), "-", "--with-recovery-material"), {
          cwd: root,
          input: `${ethereumAddress}\n`,
        });
        expect(code).toBe(0);
        expect(programs).toContain("kubeseal");
        expect(seen).toEqual([]);
        // The certificate's copy for kubeseal is gone.
        expect(left).toEqual([]);
      });

      test("while it is rotated and recovered", async () => {
        const root = copyOf(setup.sealed);
        const recovered = await watched(seal("--recover", setup.key, "--cert", setup.cert2), { cwd: root });
        expect(recovered).toMatchObject({ code: 0, seen: [], left: [] });
        expect(recovered.programs).toContain("kubeseal");
        const rotated = await watched(seal("--rotate", ...all(), setup.address), { cwd: root });
        expect(rotated).toMatchObject({ code: 0, seen: [], left: [] });
      });

      test("with options for kubeseal in the environment, which do not reach it", async () => {
        const root = copyOf(setup.bare);
        const file = join(root, "elsewhere.yaml");
        const env = {
          SEALED_SECRETS_SEALED_SECRET_FILE: file,
          SEALED_SECRETS_SCOPE: "cluster-wide",
          SEALED_SECRETS_NAME: "x",
        };
        const { code } = await watched(seal(...all(), setup.address), { cwd: root, env });
        expect(code).toBe(0);
        expect(readable(file)).toHaveLength(0);
      });

      test("when kubeseal fails and repeats what it was given", async () => {
        const root = copyOf(setup.bare);
        const kubeseal = join(root, "kubeseal");
        writeFileSync(kubeseal, '#!/bin/sh\n[ "$1" = --version ] || { cat >&2; exit 3; }\n');
        chmodSync(kubeseal, 0o755);
        const { code, printed, seen, left } = await watched(seal(...all(), setup.address), {
          cwd: root,
          env: { KUBESEAL: kubeseal },
        });
        expect(printed).toContain("error: kubeseal could not seal mezo-node-0-keystore (exit code 3)");
        expect({ code, seen, left }).toEqual({ code: 1, seen: [], left: [] });
      });

      test("when others could plant a kubeseal in the cache, which gets nothing", async () => {
        const root = copyOf(setup.bare);
        const cache = mkdtempSync(join(tmpdir(), "cache-"));
        onTestFinished(() => rmSync(cache, { recursive: true, force: true }));
        const folder = join(cache, "mezo-staging/tools", basename(dirname(await toolPath("kubeseal"))));
        mkdirSync(folder, { recursive: true });
        const got = join(cache, "got");
        writeFileSync(join(folder, "kubeseal"), `#!/bin/sh\ncat >>${got}\n`, { mode: 0o755 });
        chmodSync(join(cache, "mezo-staging"), 0o777);
        const { code, printed, seen, left } = await watched(seal(...all(), setup.address), {
          cwd: root,
          env: { XDG_CACHE_HOME: cache },
        });
        expect(printed).toMatch(/^error: .*\/mezo-staging can be written by other users \(mode 0777\), .*\n$/);
        expect(existsSync(got)).toBe(false);
        expect({ code, seen, left }).toEqual({ code: 1, seen: [], left: [] });
      });

      test("when the artifacts are broken and the address can't be used", async () => {
        const folder = mkdtempSync(join(tmpdir(), "artifacts-"));
        onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
        const root = copyOf(setup.bare);
        const broken = join(folder, "artifacts");
        mkdirSync(broken);
        const copied = await watched(["cp", "-r", `${setup.artifacts}/.`, broken]);
        expect(copied.code).toBe(0);
        edit(join(broken, "mezo-node-0/config/node_key.json"), (json) => `${json}}`);
        edit(join(broken, "mezo-node-1/config/priv_validator_key.json"), (json) =>
          json.replace('"value": "', '"value": "A'),
        );
        const cert = ["--cert", setup.cert];
        const first = await watched(seal("--from", broken, ...cert, "--ethereum-node-address", "-"), {
          cwd: root,
          input: "x",
        });
        expect(first).toMatchObject({ code: 1, seen: [] });
        const second = await watched(seal("--from", setup.artifacts, ...cert, "--ethereum-node-address", "-"), {
          cwd: root,
          input: `${ethereumAddress} ${ethereumAddress}`,
        });
        expect(second.printed).toContain("holds white space");
        expect(second).toMatchObject({ code: 1, seen: [] });
      });

      test("when the address is typed on a terminal, without an echo", async () => {
        const root = copyOf(setup.bare);
        // A terminal of util-linux; what it shows is its output.
        const command = `sleep 0.1; ${process.execPath} scripts/seal.ts local ethereum-sidecar --cert ${setup.cert}`;
        const home = mkdtempSync(join(tmpdir(), "home-"));
        onTestFinished(() => rmSync(home, { recursive: true, force: true }));
        const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], { cwd: root });
        let shown = "";
        child.stdout.on("data", (chunk) => {
          shown += chunk;
          if (shown.includes("not shown): ") && child.stdin.writable) child.stdin.end(`${ethereumAddress}\r`);
        });
        const [code] = await once(child, "exit");
        expect(shown).toContain("sealed    ethereum-sidecar-config, 1 key");
        expect(seenIn(Buffer.from(shown))).toEqual([]);
        expect(shown).not.toContain("example.org");
        expect(code).toBe(0);
      });
    },
  );
});
