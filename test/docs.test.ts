import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { everyFile } from "scripts/lib/files.ts";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const pages = everyFile(root).filter((path) => path === "README.md" || /^(docs|tools)\/.*\.md$/.test(path));

const fence = /^ *```[^\n]*\n(.*?)^ *```$/gms;
const prose = (page: string) => read(page).replaceAll(fence, "");
const code = (page: string) => [
  ...[...read(page).matchAll(fence)].map(([, text = ""]) => text),
  ...[...prose(page).matchAll(/`([^`]+)`/g)].map(([, text = ""]) => text.replaceAll(/\s+/g, " ")),
];

/** The anchors of a page's headings, as GitHub makes them. */
const anchors = (page: string) =>
  [...prose(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );

describe.each(pages)("%s", (page) => {
  const links = [...prose(page).matchAll(/\]\(([^)]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^https?:/.test(target));

  test("every relative link leads to a file, and to a heading in it", () => {
    const dead = links.filter((link) => {
      const [path = "", anchor] = link.split("#");
      const target = path ? join(dirname(page), path) : page;
      if (!existsSync(join(root, target))) return true;
      return anchor !== undefined && !anchors(target).includes(anchor);
    });
    expect(dead).toEqual([]);
  });

  test("every pnpm command is one of package.json, or of pnpm itself", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const known = [...Object.keys(scripts), "install", "rebuild", "exec"];
    const named = code(page)
      .flatMap((text) => [...text.matchAll(/(?<![\w-])pnpm(?:@[\d.]+)?(?: run)? ([a-z][\w:-]*)/g)])
      .map(([, name]) => name);
    expect(named.filter((name) => !known.includes(name ?? ""))).toEqual([]);
  });

  test("every path in backticks that begins with a folder of this repository is there", () => {
    expect(paths(prose(page)).filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });
});

test("before the validators, the runbook of the first sync leaves out the ConfigMap of every gate of staging", () => {
  const done = everyFile(root).flatMap((path) => /^overlays\/staging\/gates\/(done-\d+)\.yaml$/.exec(path)?.[0] ?? []);
  const names = done.map((path) => /^ {2}name: (.+)$/m.exec(read(path))?.[1]);
  expect(names).toContain("mezo-gate-1-done");
  const left = [...read("docs/runbooks/adopt.md").matchAll(/--resource '!:ConfigMap:([^']+)'/g)].map(
    ([, name]) => name,
  );
  expect(left.sort()).toEqual(names.sort());
});

/** Paths in backticks, but for those with a placeholder in them. */
const paths = (text: string) =>
  [
    ...text.matchAll(/`((?:generators|scripts|tools|test|docs|base|overlays|\.ci|\.github)\/[\w./-]*|package\.json)`/g),
  ].map(([, path = ""]) => path);

test("README begins with the commands that a newcomer types, with the pinned pnpm, and is no longer than two screens", () => {
  const { packageManager } = JSON.parse(read("package.json"));
  const [, first = ""] = /^```\n(.*?)^```$/ms.exec(read("README.md")) ?? [];
  const command = `npx --yes ${packageManager}`;
  expect(first.split("\n").slice(0, 2)).toEqual([`${command} gen`, `${command} test`]);
  const lines = read("README.md").split("\n");
  expect(lines.length).toBeLessThanOrEqual(110);
  expect(lines.filter((line) => [...line].length > 120)).toEqual([]);
});

test("the docs pin the same pnpm as package.json wherever they pin one", () => {
  const { packageManager } = JSON.parse(read("package.json"));
  const pins = pages.flatMap((page) => [...read(page).matchAll(/pnpm@[\d.]*\d/g)].map(([pin]) => pin));
  expect(new Set(pins)).toEqual(new Set([packageManager]));
});

test("nothing runs npx but for the pinned pnpm: of any other name it would run what the registry has", () => {
  const other = /\bnpx (?!--yes (?:pnpm@(?:[\d.]+\d|<version>)|\$\{packageManager\}|"\$\(sed -n ))/;
  const files = everyFile(root).filter((path) => !/^(base|overlays|node_modules)\/|^test\/docs\.test\.ts$/.test(path));
  expect(files).toEqual(expect.arrayContaining([".ci/run", ".githooks/pre-commit", ".github/workflows/validate.yml"]));
  expect(files.filter((path) => other.test(read(path)))).toEqual([]);
});

// A newcomer opens at most this many files for each, and finds all of them listed.
test.each([
  ["Set a value", 1],
  ["Add a field that reaches the pods", 7],
  ["Add a rule", 6],
  ["Add an object kind", 7],
  ["Add a command", 4],
])("docs/networks.md: %s takes %d files at most", (heading, most) => {
  const section = read("docs/networks.md").split(`### ${heading}\n`)[1]?.split(/^#/m)[0] ?? "";
  const files = [...section.matchAll(/`((?:\w+\/)+[^`]+|package\.json)`/g)].map(([, path]) => path);
  expect(files.length).toBeGreaterThan(0);
  expect(new Set(files).size).toBeLessThanOrEqual(most);
});

test("docs/speed.md has the marks between which `pnpm bench` writes", () => {
  expect(read("docs/speed.md")).toMatch(/<!-- results -->\n[\s\S]*<!-- end of results -->/);
});
