import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { toYaml } from "generators/yaml.ts";
import { toolPath } from "tools/tool.ts";
import { expect, onTestFinished, test } from "vitest";
import { Document, parse } from "yaml";

// Any Unicode except lone surrogates, which YAML can't hold, and strings that look like other types.
const text = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."0123456789.+-_:eExXoOyYnN~ \n\t#&*!|>'\"%@`{}[],?") }),
);

// The same values in every run, so that no commit's test fails by chance.
const seed = 31611;

/** Any value that a manifest may hold. */
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

test("YAML 1.1 and 1.2 parsers read a value back unchanged", () => {
  fc.assert(
    fc.property(valuesOf(text), (original) => {
      const yaml = toYaml({ original });
      for (const version of ["1.1", "1.2"] as const) expect(parse(yaml, { version })).toEqual({ original });
    }),
    { numRuns: 1000, seed },
  );
});

test("Go's parser reads a value back unchanged, through kustomize", async () => {
  const folder = mkdtempSync(join(tmpdir(), "yaml-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const kustomize = await toolPath("kustomize");
  writeFileSync(join(folder, "kustomization.yaml"), toYaml({ resources: ["value.yaml"] }));
  // Go also reads control characters and plain text that is a number beyond a double, but nothing can read back what
  // kustomize then writes of them.
  const readable = text.filter((string) => !/[\u007f-\u009f\ufffe\uffff]|^[-+._\d]*e[-+]?\d{3}/i.test(string));
  // Many values per run, because starting the program takes longer than reading them.
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

test("text that needs no quotes is written as the library writes it", () => {
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
