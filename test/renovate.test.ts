import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { everyFile } from "scripts/lib/files.ts";
import { toolNames } from "tools/tool.ts";
import { expect, test } from "vitest";

// renovate's own validator, which the workflow runs, knows renovate's options. What they say of this repository is checked here.

const root = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(root, path), "utf8");
const config = JSON.parse(read("renovate.json"));
const files = everyFile(root);
const goMods = files.filter((path) => path.endsWith("/go.mod"));

/** Whether a file is one of a custom manager, whose patterns are regular expressions between slashes. */
const isManaged = ({ managerFilePatterns }: { managerFilePatterns: string[] }, path: string) =>
  managerFilePatterns.some((pattern) => new RegExp(pattern.slice(1, -1)).test(path));

const [pnpm, images, defaults] = config.customManagers;

test("the managers are those of what is pinned; kustomize's and those of other generated files are off", () => {
  expect(config.enabledManagers).toEqual(["npm", "gomod", "github-actions", "custom.regex"]);
  expect(config.ignorePaths).toEqual(expect.arrayContaining(["base/**", "overlays/**"]));
  expect(JSON.stringify(config)).not.toContain("automerge");
});

test("every module that go.mod names as a tool may be updated, although it is indirect there", () => {
  const allowed: string[] = config.packageRules[0].matchPackageNames;
  const tools = goMods.flatMap((path) => {
    const block = /^tool \(\n(.*?)^\)/ms.exec(read(path))?.[1] ?? /^tool (.+)$/m.exec(read(path))?.[1] ?? "";
    return block.split("\n").flatMap((line) => line.trim() || []);
  });
  expect(tools.length).toBeGreaterThanOrEqual(toolNames.length);
  const isAllowed = (tool: string) => allowed.some((name) => `${tool}/`.startsWith(`${name}/`));
  expect(tools.filter((tool) => !isAllowed(tool))).toEqual([]);
  const required = goMods.map(read).join("\n");
  expect(allowed.filter((name) => !required.includes(`${name} v`))).toEqual([]);
});

test("every replaced module goes with its group, or is left to a person", () => {
  const rules: { matchFileNames?: string[]; matchPackageNames?: string[]; groupName?: string; enabled?: boolean }[] =
    config.packageRules;
  for (const path of goMods) {
    for (const [, name = ""] of read(path).matchAll(/^(?:replace|\t)\s*\S+ => (\S+) v/gm)) {
      const own = rules.filter(
        ({ matchFileNames = [path], matchPackageNames = [name] }) =>
          matchFileNames.includes(path) &&
          matchPackageNames.some((each) => each === name || (each === "k8s.io/**" && name.startsWith("k8s.io/"))),
      );
      expect(
        own.some(({ groupName, enabled }) => groupName !== undefined || enabled === false),
        `${path} ${name}`,
      ).toBe(true);
    }
  }
  const named = rules.flatMap(({ matchFileNames = [] }) => matchFileNames);
  expect(named.filter((path) => !files.includes(path))).toEqual([]);
});

test("every file that pins pnpm is looked at, and the pin is found", () => {
  const pinning = files.filter((path) => !/^(base|overlays)\//.test(path) && /pnpm@\d+\.\d+\.\d+/.test(read(path)));
  expect(pinning).toEqual(expect.arrayContaining(["README.md", ".githooks/pre-commit", "package.json"]));
  // package.json is npm's own.
  const others = pinning.filter((path) => path !== "package.json");
  expect(others.filter((path) => !isManaged(pnpm, path))).toEqual([]);
  const { packageManager } = JSON.parse(read("package.json"));
  const found = new RegExp(pnpm.matchStrings[0]).exec(read("README.md"));
  expect(`pnpm@${found?.groups?.currentValue}`).toBe(packageManager);
});

test("an image by digest is found by the comment above it", () => {
  const digest = `sha256:${"ab".repeat(32)}`;
  const text = `  connectSidecar: {\n    // renovate: ghcr.io/skip-mev/connect-sidecar:v2.3.0\n    image: { digest: "${digest}" },\n`;
  expect(isManaged(images, "generators/networks/staging.ts")).toBe(true);
  expect(new RegExp(images.matchStrings[0]).exec(text)?.groups).toEqual({
    depName: "ghcr.io/skip-mev/connect-sidecar",
    currentValue: "v2.3.0",
    currentDigest: digest,
  });
});

test("the images that pods run where a network names no others are found", () => {
  const found = files
    .filter((path) => isManaged(defaults, path))
    .flatMap((path) => [...read(path).matchAll(new RegExp(defaults.matchStrings[0], "g"))].map(([, name]) => name));
  expect(found.sort()).toEqual(["alpine/kubectl", "caddy"]);
});
