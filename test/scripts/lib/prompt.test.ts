import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { askHidden, confirm } from "scripts/lib/prompt.ts";
import { describe, expect, onTestFinished, test } from "vitest";

const root = resolve(import.meta.dirname, "../../..");
const hasScript = spawnSync("script", ["--version"]).status === 0;

/** Evaluates an expression on a terminal, which util-linux's script makes, and answers its question. */
async function onTerminal(expression: string, question: string, answer: string) {
  const program = `import { askHidden, confirm } from "./scripts/lib/prompt.ts"; console.log("result " + (${expression}));`;
  const command = '"$NODE" --input-type=module --eval "$PROGRAM"';
  const child = spawn("script", ["--quiet", "--return", "--command", command, "/dev/null"], {
    cwd: root,
    env: { ...process.env, NODE: process.execPath, PROGRAM: program, SHELL: "/bin/sh" },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  let shown = "";
  child.stdout.on("data", (data) => {
    const isAsked = shown.includes(question);
    shown += data;
    if (!isAsked && shown.includes(question)) child.stdin.write(answer);
  });
  const [code] = await once(child, "exit");
  return { code, shown };
}

describe.skipIf(!hasScript)("on a terminal (needs util-linux's script)", () => {
  test.each([
    ["y", "y\r", true],
    ["YES", "YES\r", true],
    ["n", "n\r", false],
    ["yesterday", "yesterday\r", false],
    ["nothing", "\r", false],
    ["the end of input", "\u0004", false],
    ["Ctrl-C", "\u0003", false],
  ])("%s as an answer", async (_name, answer, expected) => {
    const { code, shown } = await onTerminal('await confirm("Go on?", "")', "Go on? [y/N] ", answer);
    expect(shown).toContain(`result ${expected}`);
    expect(code).toBe(0);
  });

  const hidden = 'JSON.stringify(await askHidden("The word", "")).length';

  test.each([
    ["a word with white space around it", " quartz \r", '"quartz"'.length],
    ["the end of input", "\u0004", '""'.length],
  ])("hidden input: %s", async (_name, answer, length) => {
    const { code, shown } = await onTerminal(hidden, "The word (not shown): ", answer);
    expect(shown).toContain(`result ${length}`);
    expect(shown).not.toContain("quartz");
    expect(code).toBe(0);
  });

  test("hidden input: Ctrl-C ends the program", async () => {
    const { code, shown } = await onTerminal(hidden, "The word (not shown): ", "quartz\u0003");
    expect(shown).not.toMatch(/result|quartz/);
    expect(code).toBe(130);
  });
});

test.each([
  ["a question", () => confirm("Go on?", "pass --yes")],
  ["hidden input", () => askHidden("The word", "pass --yes")],
])("without a terminal, %s names the option instead", async (_name, ask) => {
  const isTTY = process.stdin.isTTY;
  onTestFinished(() => void Object.assign(process.stdin, { isTTY }));
  Object.assign(process.stdin, { isTTY: false });
  await expect(ask()).rejects.toMatchObject({
    name: "UsageError",
    message: "there is no terminal to ask on: pass --yes",
  });
});
