import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { editJson } from "../support/artifacts.ts";
import { makeCheckout } from "../support/checkout.ts";

const repository = resolve(import.meta.dirname, "../..");
const { scripts } = JSON.parse(readFileSync(join(repository, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

// These run on any Node.
const exempt = ["lint", "format"];

/** The arguments for Node of each command of package.json and each command of a tool. */
const commands = [
  ...Object.entries(scripts)
    .filter(([name]) => !exempt.includes(name))
    .map(([name, script]) => [`pnpm ${name}`, argumentsOf(script)] as const),
  ...readdirSync(join(repository, "tools/bin")).map((file) => [`pnpm exec ${file}`, [`tools/bin/${file}`]] as const),
];

/** Leaves out variables and the program itself, which must be Node. */
function argumentsOf(script: string): string[] {
  const [program, ...words] = script.split(" ").filter((word) => !/^[A-Z_]+=/.test(word));
  if (program !== "node") throw new Error(`package.json: \`${script}\` does not run node`);
  return words;
}

// A checkout that pins a Node which nobody has.
const root = makeCheckout(mkdtempSync(join(tmpdir(), "pinned-node-")));
editJson(join(root, "package.json"), ({ devDependencies }) => {
  devDependencies.node = "99.1.2";
});
afterAll(() => rmSync(root, { recursive: true }));

test.each(commands)("%s says what to do when it runs on another Node than the pinned one", (_, args) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toMatch(/^error: this command needs Node 99\.1\.2 but runs on Node \S+, because .+\n$/);
  expect(stderr).toContain("run `pnpm rebuild node --no-ignore-scripts`");
});
