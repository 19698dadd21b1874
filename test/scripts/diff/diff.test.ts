import { expect, test } from "vitest";
import { edited, pushed, said } from "../../support/diff.ts";
import { changes } from "./changes.ts";

test("there are fifty changes at least", () => {
  expect(changes.length).toBeGreaterThanOrEqual(50);
});

test.each(changes.map((each) => [each.what, each] as const))("%s", async (_what, { was = {}, is, says }) => {
  const diff = await pushed(edited(was), edited(is));
  const lines = said(diff);
  for (const part of says) expect(lines).toContainEqual(expect.stringContaining(part));
  const risks = (all: readonly string[]) => new Set(all.map((line) => line.split(":")[0]));
  // Whatever else is said is no worse than what is expected.
  expect([...risks(lines)].slice(0, 1)).toEqual([...risks(says)].slice(0, 1));
  if (says.length === 0) expect(diff.objects).toEqual([]);
});
