import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { rules, topics } from "scripts/rules/index.ts";
import type { Rule, Topic } from "scripts/rules/rule.ts";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");
const folder = join(root, "scripts/rules");
const namesIn = (path: string) =>
  readdirSync(path, { withFileTypes: true })
    .filter(({ name }) => name !== "index.ts")
    .map(({ name }) => name.replace(/\.ts$/, ""));

const topicNames = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test("every rule lies in the folder of a topic", () => {
  expect(namesIn(folder).filter((name) => !topicNames.includes(name))).toEqual(["rule"]);
});

describe.each(topicNames)("topic %s", async (topic) => {
  const { default: listed }: { default: Topic } = await import(join(folder, topic, "index.ts"));
  const files = namesIn(join(folder, topic));

  test("is listed", () => {
    expect(topics).toContain(listed);
  });

  test("lists every rule of its folder", () => {
    expect(listed.rules.map(({ id }) => id).sort()).toEqual(files.sort());
  });

  test.each(files)("%s has its file's name and a test", async (name) => {
    const { default: rule }: { default: Rule } = await import(join(folder, topic, `${name}.ts`));
    expect(rule.id).toBe(name);
    expect(rule.id).toMatch(/^(no|require|unique|valid)(-[a-z0-9]+)+$/);
    expect(listed.rules).toContain(rule);
    expect(existsSync(join(root, "test/scripts/rules", topic, `${name}.test.ts`))).toBe(true);
  });
});

test("ids are unique", () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});

test.each(rules.map((rule) => [rule.id, rule] as const))(
  "%s says why, and what to do",
  (_id, { why, fix, brokenBy }) => {
    for (const sentence of [why, fix]) expect(sentence).toMatch(/^[A-Z].*\.$/);
    expect(fix).not.toMatch(/^Leave/);
    const files = fix.match(/(generators|scripts)\/[\w./-]*\w/g) ?? [];
    // Who can only mend it in the code is told where.
    if (brokenBy === "generator") expect(files).not.toEqual([]);
    expect(files.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);
