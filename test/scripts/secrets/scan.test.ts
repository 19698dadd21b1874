import type { Content } from "scripts/secrets/content.ts";
import { type Scan, scan } from "scripts/secrets/scan.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { harmless } from "../../support/secrets/harmless.ts";
import { secretFiles, unknowable } from "../../support/secrets/secret-files.ts";

/** Looks through all at once, each in a folder of its own. */
async function scanAll(files: readonly (readonly [path: string, content: string | Buffer])[]): Promise<Scan> {
  const contents = files.map(
    ([path, content], i): Content => ({ path: `${i}/${path}`, place: "", bytes: Buffer.from(content) }),
  );
  return scan(contents);
}

const foundIn = ({ found }: Scan, i: number) =>
  found.filter(({ path }) => path.startsWith(`${i}/`)).map(({ line, what }) => ({ line, what }));

describe("one secret a file", () => {
  let result: Scan;
  beforeAll(async () => {
    result = await scanAll(secretFiles.map(([, path, content]) => [path, content]));
  });

  test.each(secretFiles.map(([form, , , what, line], i) => ({ form, what, line, i })))("$form", ({ what, line, i }) => {
    const found = foundIn(result, i);
    expect(found).toContainEqual({ line, what: expect.stringMatching(what) });
  });

  test("there are at least 43 forms, and at most two that cannot be known", () => {
    expect(new Set(secretFiles.map(([form]) => form)).size).toBe(secretFiles.length);
    expect(secretFiles.length).toBeGreaterThanOrEqual(43);
    expect(unknowable.length).toBeLessThanOrEqual(2);
  });
});

test.each(unknowable)("%s cannot be known: %3$s", async (_form, content) => {
  expect((await scanAll([["x.txt", content]])).found).toEqual([]);
});

describe("no secret", () => {
  let result: Scan;
  beforeAll(async () => {
    result = await scanAll(harmless.map(([, path, text]) => [path, text]));
  });

  test.each(harmless.map(([form], i) => ({ form, i })))("$form", ({ i }) => {
    expect(foundIn(result, i)).toEqual([]);
  });
});
