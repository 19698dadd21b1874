import { toYaml } from "generators/yaml.ts";
import { expect, test } from "vitest";
import { parse } from "yaml";

const strings = [
  ...[
    "y",
    "n",
    "Y",
    "yes",
    "No",
    "on",
    "OFF",
    "true",
    "False",
    "null",
    "~",
    "",
    "=",
    "<<",
    "0o14",
    "014",
    "0x1F",
    "0b11",
  ],
  ...["1e3", "1E3", ".5", "+1", "-1", "1_000", "12:30", "190:20:30", ".inf", "-.INF", ".nan", "2001-01-01", "1.", "0"],
  ...["2001-01-01T00:00:00Z", " lead", "trail ", "a: b", "a #b", "- a", "? a", "#", "@a", "`a", "!a", "&a", "*a", "%a"],
  ...["{", "}", "[", "]", ",", "|", ">", "'", '"', "\\", "---", "...", "a\nb", "a\n", "\n", "a \nb", "\ta", "a\r\nb"],
  ...["\u0085", "\u2028x", "\u0000", "\u007f", "\ufeffx", "é", "😀", "100Gi", "250m", "v0.2.0-rc3", "127.0.0.1/8"],
];

test.each(["1.1", "1.2"] as const)(
  "a YAML %s parser reads every string back unchanged, as value, item and key",
  (version) => {
    const value = Object.fromEntries(strings.map((text) => [text, [text, { [text]: text }]]));
    expect(parse(toYaml(value), { version })).toEqual(value);
  },
);

test("keys are in the order of Kubernetes", () => {
  const object = { spec: { b: 1, a: 2 }, metadata: { name: "x" }, kind: "Service", apiVersion: "v1", data: {} };
  expect(toYaml(object)).toBe("apiVersion: v1\nkind: Service\nmetadata:\n  name: x\ndata: {}\nspec:\n  a: 2\n  b: 1\n");
});

test("lists are not indented, quantities are not quoted, scripts are literal blocks", () => {
  expect(toYaml({ args: ["set -e\nrun\n"], memory: "8096Mi", cpu: "2" })).toBe(
    'args:\n- |\n  set -e\n  run\ncpu: "2"\nmemory: 8096Mi\n',
  );
});

test("values that appear twice get no anchors, and long lines are not folded", () => {
  const shared = { text: "word ".repeat(60) };
  expect(toYaml({ a: shared, b: shared })).toBe(`a:\n  text: "${shared.text}"\nb:\n  text: "${shared.text}"\n`);
});

test("a file mode is a decimal number with the mode in octal behind it", () => {
  const yaml = toYaml({ secret: { defaultMode: 0o440 } });
  expect(yaml).toBe("secret:\n  defaultMode: 288 # 0440\n");
  for (const version of ["1.1", "1.2"] as const)
    expect(parse(yaml, { version })).toEqual({ secret: { defaultMode: 288 } });
});
