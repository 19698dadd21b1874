import { quietly, withInput } from "scripts/lib/program.ts";
import { expect, test } from "vitest";
import { $ } from "zx/core";

const program = $({ nothrow: true, quiet: true });

test("a program gets its input", async () => {
  expect((await withInput(program`cat`, "text")).stdout).toBe("text");
});

test("one that ends without reading it is known by its exit code", async () => {
  // More than a pipe holds, so that writing goes on after the end.
  expect((await withInput(program`exit 3`, "x".repeat(2 ** 20))).exitCode).toBe(3);
});

test("programs run on a machine without bash, with every word as it is", async () => {
  const words = ["", "a b", "it's", "$HOME", "`id`", "\\", '"', "*", "ä", "a\nb"];
  const { exitCode, stdout } = await quietly({
    env: {},
  })`${process.execPath} -p ${"JSON.stringify(process.argv.slice(1))"} -- ${words}`;
  expect(JSON.parse(stdout)).toEqual(words);
  expect(exitCode).toBe(0);
});
