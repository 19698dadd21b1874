import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { placementFile } from "generators/components/placement.ts";
import { generate } from "generators/generate.ts";
import { overlayNames } from "scripts/objects/kustomize.ts";
import topic from "scripts/rules/history/index.ts";
import { buildAll } from "scripts/validate/builds.ts";
import { checkRules } from "scripts/validate/check-rules.ts";
import { history } from "scripts/validate/history.ts";
import { linkModules } from "tools/link-modules.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contents, edit, editJson, temporary } from "../../support/artifacts.ts";
import { makeCheckout, run } from "../../support/checkout.ts";

const git = (root: string, ...args: string[]) =>
  execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@example.org", ...args], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    env: { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null" },
  }).trim();

const commit = (root: string, message: string) => {
  git(root, "add", "--all");
  git(root, "commit", "--quiet", "--allow-empty", "--message", message);
};

let template: string;

beforeAll(() => {
  template = makeCheckout(mkdtempSync(join(tmpdir(), "history-")));
  writeFileSync(join(template, ".gitignore"), "node_modules\n");
  git(template, "init", "--quiet", "--initial-branch", "main");
  commit(template, "first");
});

afterAll(() => rmSync(template, { recursive: true, force: true }));

/** A clone with one commit, in which staging runs. */
function repository(): string {
  const root = temporary("history");
  cpSync(template, root, { recursive: true, verbatimSymlinks: true });
  for (const folder of ["", "generators", "scripts", "tools"]) {
    rmSync(join(root, folder, "node_modules"), { recursive: true, force: true });
  }
  linkModules(root);
  return root;
}

/** A change of the files that a person edits. */
type Change = (root: string) => void;

const nothing: Change = () => {};

const staging =
  (from: string | RegExp, to: string): Change =>
  (root) =>
    edited(root, "staging.ts", from, to);
const validators =
  (change: (list: { index: number; consensusPubKey: string }[]) => void): Change =>
  (root) =>
    editJson(join(root, "generators/networks/staging/validators.json"), change);

function edited(root: string, file: string, from: string | RegExp, to: string): void {
  edit(join(root, "generators/networks", file), (text) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`${file} has no ${from}`);
    return changed;
  });
}

const field = (text: string) => staging("  expose:", `  ${text},\n  expose:`);
const pausedAll = field(
  `paused: [0, 1, 2, 3, 4].map((validator) => ({ validator, reason: "the network moves to another place" }))`,
);
const paused = (...indexes: number[]) =>
  field(`paused: [${indexes.map((each) => `{ validator: ${each}, reason: "it leaves the network" }`)}]`);
const genesisFile: Change = (root) => {
  staging(/genesis: \{[\s\S]*?\n {2}\},/, 'genesis: { kind: "file" },')(root);
  for (const network of ["staging", "local"]) {
    const from = join(root, `overlays/${network}/config/genesis.json`);
    cpSync(from, join(root, `generators/networks/${network}/genesis.json`));
  }
};
/** The chain began with two validators, and the others joined. */
const beganWithTwo: Change = (root) =>
  editJson(join(root, "generators/networks/staging/genesis.json"), ({ app_state: { poa } }) => {
    poa.validators = poa.validators.filter(({ description }: { description: { moniker: string } }) =>
      ["mezo-node-0", "mezo-node-1"].includes(description.moniker),
    );
  });
/** Validators leave, once the genesis is a file. */
const leave =
  (...indexes: number[]): Change =>
  (root) => {
    validators((list) => {
      list.splice(0, list.length, ...list.filter(({ index }) => !indexes.includes(index)));
    })(root);
    field(`retired: [${indexes}]`)(root);
  };
const unpaused = staging(/ {2}paused: .*\n/, "");
const all =
  (...changes: Change[]): Change =>
  (root) => {
    for (const change of changes) change(root);
  };
/** A network that is not taken over may not open a port that never answers. */
const became = (lifecycle: string) => all(staging('"adopted"', `"${lifecycle}"`), staging('"api", ', ""));

const renamed: Change = (root) => {
  const networks = join(root, "generators/networks");
  renameSync(join(networks, "staging.ts"), join(networks, "production.ts"));
  renameSync(join(networks, "staging"), join(networks, "production"));
  edited(root, "production.ts", 'name: "staging"', 'name: "production"');
  edited(root, "local.ts", "./staging.ts", "./production.ts");
};

/** Renders in a process of its own, since a network's file is read once in each. */
function render(root: string): void {
  const { code, stderr } = run(root, "gen");
  if (code !== 0) throw new Error(stderr);
}

const ids = ["history", ...topic.rules.map(({ id }) => id)];

/** What the rules of history find in a work tree, a line each: "rule object field: message". */
async function found(root: string, since?: string): Promise<string[]> {
  const overlays = overlayNames(root);
  const wanted = overlays.filter((name) => !["argocd", "local"].includes(name));
  const [past, builds, { networks }] = await Promise.all([
    history(root, since),
    buildAll(root, wanted),
    generate(root, { write: false }),
  ]);
  const yamls = builds.filter((build) => "yaml" in build);
  return checkRules(root, overlays, yamls, networks, past)
    .findings.filter(({ id }) => ids.includes(id))
    .map(({ id, object, field, message }) => `${id} ${object} ${field}: ${message}`);
}

/** The rules that find something, each with how often. */
const counts = (findings: readonly string[]) =>
  Object.fromEntries([...Map.groupBy(findings, (line) => line.split(" ")[0])].map(([id, lines]) => [id, lines.length]));

const moved = staging('namespace: "default"', 'namespace: "elsewhere"');
const balance = staging('balance: "1', 'balance: "2');
/** Both networks share what is in base/, and so their app. */
const otherApp: Change = (root) => {
  staging('app: "mezo"', 'app: "other"')(root);
  for (const network of ["staging", "local"]) {
    const file = join(root, `generators/networks/${network}/validators.json`);
    edit(file, (text) => text.replaceAll('"moniker": "mezo-', '"moniker": "other-'));
  }
};
const swapped = validators(([one, two]) => {
  if (one && two) [one.consensusPubKey, two.consensusPubKey] = [two.consensusPubKey, one.consensusPubKey];
});
const otherKey = validators(([one]) => {
  if (one) one.consensusPubKey = `${"A".repeat(43)}=`;
});
const unnamed = staging(/ {2}gke: \{[\s\S]*?\n {2}\},\n/, "");
const forgotten = all(
  staging("retired: [2]", "retired: []"),
  validators((list) => list.splice(2)),
);

// Each: a name, what is committed first, the change after it, and what is found.
const pushes: [name: string, before: Change, change: Change, found: Record<string, number>][] = [
  ["nothing changes", nothing, nothing, {}],
  ["a value that rolls pods", nothing, field("settings: { config: { mempool: { size: 20000 } } }"), {}],
  ["another image", nothing, staging("v0.2.0-rc3", "v0.2.1"), {}],
  ["the namespace", nothing, moved, { "no-moved-keys": 5 }],
  ["the namespace, with all paused in the same push", nothing, all(pausedAll, moved), { "no-moved-keys": 5 }],
  ["the namespace, after all were paused", pausedAll, moved, {}],
  ["the namespace and running again, after all were paused", pausedAll, all(unpaused, moved), {}],
  ["the namespace, after some were paused", paused(0, 1), moved, { "no-moved-keys": 3 }],
  ["the name", nothing, renamed, { "no-moved-keys": 5, "require-paused-leavers": 6 }],
  ["the name, after all were paused", pausedAll, renamed, {}],
  ["the cluster", nothing, staging("mezo-staging-gke-cluster", "mezo-other-cluster"), { "no-moved-keys": 5 }],
  ["the cluster's region", nothing, staging('region: "us-central1"', 'region: "europe-west1"'), { "no-moved-keys": 5 }],
  ["the cluster is not named any more", nothing, unnamed, { "no-moved-keys": 5 }],
  ["a fork", nothing, staging("mezo-org/mezo-staging.git", "fork/mezo-staging.git"), { "no-repository-change": 1 }],
  ["Argo CD follows nothing any more", nothing, staging(/ {2}argocd: .*\n/, ""), { "no-repository-change": 1 }],
  ["the app", nothing, otherApp, { "no-moved-keys": 5, "no-genesis-change": 1, "no-immutable-field-change": 1 }],
  ["two swap their keys", genesisFile, swapped, { "no-moved-keys": 2, "no-reused-indexes": 2 }],
  ["another key under an index", genesisFile, otherKey, { "no-reused-indexes": 1, "require-paused-leavers": 1 }],
  ["the last validator leaves", genesisFile, leave(4), { "require-paused-leavers": 1 }],
  ["one in the middle leaves after a pause", all(genesisFile, paused(2)), all(unpaused, leave(2)), {}],
  [
    "two leave after a pause",
    all(genesisFile, paused(1, 2)),
    all(unpaused, leave(1, 2)),
    { "require-paused-leavers": 1 },
  ],
  ["size: 3", genesisFile, field("size: 3"), { "require-paused-leavers": 3 }],
  [
    "one that has left is forgotten",
    all(genesisFile, beganWithTwo, leave(2)),
    forgotten,
    { "no-reused-indexes": 1, "require-paused-leavers": 3 },
  ],
  ["the volumes' size", nothing, staging('size: "100Gi"', 'size: "200Gi"'), { "no-immutable-field-change": 5 }],
  [
    "the size of one validator's volume",
    nothing,
    field('perValidator: [{ validator: 3, storage: { size: "500Gi" } }]'),
    { "no-immutable-field-change": 1 },
  ],
  [
    "one validator's settings",
    nothing,
    field('perValidator: [{ validator: 3, settings: { app: { pruning: "default" } } }]'),
    {},
  ],
  ["the volumes' class", nothing, staging("premium-rwo", "standard-rwo"), { "no-immutable-field-change": 5 }],
  [
    "podManagementPolicy by the lifecycle",
    nothing,
    became("started"),
    { "no-immutable-field-change": 5, "valid-lifecycle-change": 1 },
  ],
  ["the lifecycle goes back", nothing, became("new"), { "no-immutable-field-change": 5, "valid-lifecycle-change": 1 }],
  ["the genesis", nothing, balance, { "no-genesis-change": 1 }],
  ["the genesis with another chain id", nothing, all(staging("mezo_31611-1", "mezo_31611-2"), balance), {}],
  ["the genesis of a new network that is not sealed", became("new"), balance, {}],
];

test.each(pushes)("%s", async (_name, before, change, rules) => {
  const root = repository();
  if (before !== nothing) {
    before(root);
    render(root);
    commit(root, "before");
  }
  change(root);
  if (change !== nothing) render(root);
  expect(counts(await found(root))).toEqual(rules);
});

/** A push of several commits counts as one: Argo CD sees the last one alone. */
test("paused and moved in one push: the commit before the push decides", async () => {
  const root = repository();
  const first = git(root, "rev-parse", "HEAD");
  pausedAll(root);
  render(root);
  commit(root, "pause all");
  moved(root);
  render(root);
  commit(root, "move");
  expect(counts(await found(root))).toEqual({});
  expect(counts(await found(root, first))).toEqual({ "no-moved-keys": 5 });
});

test("a finding names the commit, and is the same before the commit and after it", async () => {
  const root = repository();
  const first = git(root, "rev-parse", "--short=7", "HEAD");
  moved(root);
  render(root);
  commit(root, "move");
  const [line] = await found(root);
  expect(line).toBe(
    `no-moved-keys StatefulSet/mezo-node-0 namespace: the key signs at namespace elsewhere, but at commit ${first} it signed at namespace default and was not paused`,
  );
});

test("the network's file and its overlay deleted: nothing of it is left to look at, and still it is found", async () => {
  const root = repository();
  edited(root, "local.ts", /import staging.*\n/, "");
  edit(join(root, "generators/networks/local.ts"), (text) =>
    text
      .replace("staging.app", '"mezo"')
      .replace("...staging.chain,", 'denom: "abtc", bech32Prefix: "mezo",')
      .replace(
        "staging.genesis",
        `{
        kind: "composed", appVersion: "0.1.0", time: "2024-10-30T10:44:18Z", balance: "1", accounts: []
      } as const`,
      ),
  );
  rmSync(join(root, "generators/networks/staging.ts"));
  rmSync(join(root, "generators/networks/staging"), { recursive: true });
  render(root);
  expect(counts(await found(root))).toEqual({ "require-paused-leavers": 6 });
});

describe("an earlier commit that has no record, or a broken one", () => {
  const damage: [string, (file: string) => void][] = [
    ["none", (file) => rmSync(file)],
    ["broken", (file) => writeFileSync(file, "<<<<<<< HEAD\n")],
  ];
  test.each(damage)("%s: its other files say where its keys were", async (_name, spoil) => {
    const root = repository();
    spoil(join(root, placementFile("staging")));
    commit(root, "without a record");
    moved(root);
    render(root);
    expect(counts(await found(root))).toEqual({ "no-moved-keys": 5 });
  });
});

test("an earlier commit that does not build is a warning, and its keys count nevertheless", async () => {
  const root = repository();
  edit(join(root, "overlays/staging/kustomization.yaml"), (text) => text.replace("- mezo-rpc", "- mezo-rcp"));
  commit(root, "broken");
  moved(root);
  render(root);
  const findings = await found(root);
  expect(counts(findings)).toEqual({ "no-moved-keys": 5, history: 1 });
  expect(findings.at(-1)).toMatch(
    /^history history : the objects of commit \w{7} are not compared: overlays\/staging does not build: .*mezo-rcp/,
  );
});

/** Runs validate as a person does, in some environment. */
function validate(root: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["scripts/validate.ts", "argocd", ...args], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_SYSTEM: "/dev/null", ...env },
  });
  return { code: status, stdout, stderr };
}

/** A clone of the repository after one more commit, as `git clone` with some options makes it. */
function cloneOf(root: string, ...options: string[]): string {
  field("settings: { config: { mempool: { size: 20000 } } }")(root);
  render(root);
  commit(root, "another setting");
  const clone = join(temporary("history"), "clone");
  git(root, "clone", "--quiet", ...options, `file://${root}`, clone);
  linkModules(clone);
  return clone;
}

/** A folder with every program of PATH but git. */
function pathWithoutGit(): string {
  const folder = temporary("path");
  for (const place of (process.env.PATH ?? "").split(":").filter((each) => existsSync(each))) {
    for (const name of readdirSync(place)) {
      if (name === "git" || existsSync(join(folder, name))) continue;
      symlinkSync(join(place, name), join(folder, name));
    }
  }
  return folder;
}

describe("where there is a repository and git can't answer, validation fails with git's words", () => {
  const cases: [name: string, prepare: () => { root: string; env?: NodeJS.ProcessEnv }, says: RegExp][] = [
    [
      "another user owns the checkout",
      () => ({ root: repository(), env: { GIT_TEST_ASSUME_DIFFERENT_OWNER: "1" } }),
      /error history: `git rev-parse` failed: fatal: detected dubious ownership in repository at '.*git config --global --add safe.directory /,
    ],
    [
      "git is not installed",
      () => ({ root: repository(), env: { PATH: pathWithoutGit() } }),
      /error history: `git rev-parse` failed: git is not on the PATH/,
    ],
    [
      "a shallow clone",
      () => ({ root: cloneOf(repository(), "--depth", "1") }),
      /error history: the commit before HEAD is \w{7}, and this shallow clone does not have it: run `git fetch --unshallow`/,
    ],
    [
      "a partial clone without its origin",
      () => {
        const origin = repository();
        git(origin, "config", "uploadpack.allowFilter", "true");
        const root = cloneOf(origin, "--filter=blob:none");
        rmSync(origin, { recursive: true });
        return { root };
      },
      /error history: (`git cat-file` failed: .*fatal: .*(could not fetch|does not appear to be a git repository|Could not read).*|git can't read an object: \w+ missing); if this is a partial clone, run `git fetch --refetch --no-filter`/,
    ],
    [
      "no HEAD",
      () => {
        const root = repository();
        rmSync(join(root, ".git/HEAD"));
        return { root };
      },
      /error history: `git rev-parse` failed: fatal: not a git repository/,
    ],
    [
      "a `.git` that leads nowhere",
      () => {
        const root = repository();
        rmSync(join(root, ".git"), { recursive: true });
        writeFileSync(join(root, ".git"), "gitdir: /nowhere\n");
        return { root };
      },
      /error history: `git rev-parse` failed: fatal: not a git repository: \/nowhere/,
    ],
    [
      "a broken branch",
      () => {
        const root = repository();
        writeFileSync(join(root, ".git/refs/heads/main"), "");
        return { root };
      },
      /error history: `git symbolic-ref` failed: fatal: No such ref: HEAD/,
    ],
    [
      "broken objects",
      () => {
        const root = repository();
        const tree = git(root, "rev-parse", "HEAD:overlays");
        rmSync(join(root, ".git/objects", tree.slice(0, 2), tree.slice(2)));
        return { root };
      },
      /error history: `git ls-tree` failed: /,
    ],
    [
      "the commit before is missing",
      () => {
        const root = repository();
        const first = git(root, "rev-parse", "HEAD");
        commit(root, "second");
        rmSync(join(root, ".git/objects", first.slice(0, 2), first.slice(2)));
        return { root };
      },
      /error history: the commit before HEAD is \w{7}, and its object is missing/,
    ],
  ];
  test.each(cases)("%s", (_name, prepare, says) => {
    const { root, env } = prepare();
    const { code, stdout, stderr } = validate(root, [], { LC_ALL: "de_DE.UTF-8", LANGUAGE: "de", ...env });
    expect(stderr).toBe("");
    expect(stdout).toMatch(says);
    expect(code).toBe(1);
  });
});

describe("where there is nothing to compare with, nothing is wrong", () => {
  const zeros = "0".repeat(40);
  test.each<[string, (root: string) => void, string[]]>([
    ["the first commit", () => {}, []],
    ["a first push", () => {}, ["--since", zeros]],
    ["a first push, by an empty name", () => {}, ["--since", ""]],
    [
      "a repository without a commit",
      (root) => {
        rmSync(join(root, ".git"), { recursive: true });
        git(root, "init", "--quiet");
      },
      [],
    ],
    ["a branch without a commit", (root) => void git(root, "checkout", "--quiet", "--orphan", "other"), []],
  ])("%s", (_name, prepare, args) => {
    const root = repository();
    prepare(root);
    const { stdout, stderr } = validate(root, args);
    expect(stderr).toBe("");
    expect(stdout).not.toContain("history");
  });

  test("outside a repository that is a warning", () => {
    const root = repository();
    rmSync(join(root, ".git"), { recursive: true });
    expect(validate(root).stdout).toContain(
      "warning history: nothing is compared with an earlier commit: this is not a git clone",
    );
  });
});

test("a first push still compares with the commit before the last", async () => {
  const root = repository();
  moved(root);
  render(root);
  commit(root, "move");
  expect(counts(await found(root, "0".repeat(40)))).toEqual({ "no-moved-keys": 5 });
});

test("a checkout in a folder of a larger repository", async () => {
  const outer = temporary("history");
  const root = join(outer, "deploy");
  cpSync(repository(), root, { recursive: true, verbatimSymlinks: true });
  rmSync(join(root, ".git"), { recursive: true });
  git(outer, "init", "--quiet");
  commit(outer, "first");
  moved(root);
  render(root);
  expect(counts(await found(root))).toEqual({ "no-moved-keys": 5 });
});

test("nothing is written into the repository, and no folder is left", async () => {
  const root = repository();
  moved(root);
  render(root);
  const before = contents(join(root, ".git"));
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith("validate-"));
  const there = folders();
  await found(root);
  expect(contents(join(root, ".git"))).toEqual(before);
  expect(folders().filter((name) => !there.includes(name))).toEqual([]);
});

test("a commit that the clone does not have", () => {
  const { code, stderr } = validate(repository(), ["--since", "nowhere"]);
  expect(stderr).toBe("error: --since nowhere: this clone has no such commit; fetch it, or name another one\n");
  expect(code).toBe(1);
});
