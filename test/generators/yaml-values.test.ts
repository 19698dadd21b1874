import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { toYaml } from "generators/yaml.ts";
import { toolPath } from "tools/tool.ts";
import { expect, onTestFinished, test } from "vitest";
import { Document, parse } from "yaml";

// Any Unicode but lone surrogates, which no YAML can hold, and strings that look like something else.
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."0123456789.+-_:eExXoOyYnN~ \n\t#&*!|>'\"%@`{}[],?") }),
);

// The same values at every run: a commit's test does not fail by another one's luck.
const seed = 31611;

/** What manifests are made of. */
const valuesOf = (string: fc.Arbitrary<string>) =>
  fc.letrec((self) => ({
    any: fc.oneof(
      { depthSize: "small" },
      string,
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.array(self("any")),
      fc.dictionary(string, self("any")),
    ),
  })).any;

test("a value is itself again for YAML 1.1 and 1.2 parsers", () => {
  fc.assert(
    fc.property(valuesOf(text), (original) => {
      const yaml = toYaml({ original });
      for (const version of ["1.1", "1.2"] as const) expect(parse(yaml, { version })).toEqual({ original });
    }),
    { numRuns: 1000, seed },
  );
});

test("a value is itself again for Go's parser, through kustomize", async () => {
  const folder = mkdtempSync(join(tmpdir(), "yaml-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const kustomize = await toolPath("kustomize");
  writeFileSync(join(folder, "kustomization.yaml"), toYaml({ resources: ["value.yaml"] }));
  // Many values a run: starting the program takes longer than reading them.
  // Go reads these too, but what kustomize then writes of them can't be read back: control characters, and plain text
  // that is a number beyond a double.
  const readable = text.filter((string) => !/[\u007f-\u009f\ufffe\uffff]|^[-+._\d]*e[-+]?\d{3}/i.test(string));
  const values = fc.array(valuesOf(readable), { minLength: 50, maxLength: 100 });
  fc.assert(
    fc.property(values, (originals) => {
      const object = { apiVersion: "example.org/v1", kind: "Values", metadata: { name: "values" }, originals };
      writeFileSync(join(folder, "value.yaml"), toYaml(object));
      const { stdout, stderr } = spawnSync(kustomize, ["build", folder], { encoding: "utf8", maxBuffer: 2 ** 26 });
      expect(stderr).toBe("");
      expect(parse(stdout)).toEqual(object);
    }),
    { numRuns: 30, seed },
  );
});

test("text that needs no quotes stands as it does in a document of the library's", () => {
  const word = fc.stringMatching(/^(\.\.\/)?[a-zA-Z0-9/.:_-]{1,9}$/);
  const script = fc.array(fc.stringMatching(/^[ a-z#:"$-]{0,9}$/)).map((lines) => `${lines.join("\n")}\n`);
  fc.assert(
    fc.property(fc.oneof(word, script), (text) => {
      const yaml = toYaml({ text });
      if (!yaml.startsWith('text: "')) expect(yaml).toBe(new Document({ text }).toString({ lineWidth: 0 }));
      expect(parse(yaml)).toEqual({ text });
    }),
    { numRuns: 2000, seed },
  );
});
