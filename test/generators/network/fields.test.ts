import { resolve } from "node:path";
import { fieldTexts } from "generators/network/field-texts.ts";
import { networkFields } from "generators/network/fields.ts";
import { fieldsPage } from "scripts/new-network/fields-page.ts";
import { expect, test } from "vitest";

const fields = networkFields();

test("every field of the schema has a text, and every text a field", () => {
  expect(Object.keys(fieldTexts).sort()).toEqual(fields.map(({ path }) => path).sort());
});

test("a field is known with its form, its default, and whether it must be there", () => {
  const field = (path: string) => fields.find((each) => each.path === path);
  expect(field("name")).toMatchObject({ isRequired: true, form: expect.stringContaining("a DNS label") });
  expect(field("ports.p2p")).toMatchObject({ isRequired: false, fallback: 26656 });
  expect(field("argocd.destination.name")).toMatchObject({ form: expect.stringContaining("a cluster's name") });
  expect(field("genesis.kind")).toMatchObject({ isRequired: true });
});

// With `--update` behind `pnpm test test/generators/network/fields.test.ts`, vitest writes it anew.
test("docs/network-fields.md is what the schema says", async () => {
  await expect(fieldsPage(fields)).toMatchFileSnapshot(resolve(import.meta.dirname, "../../../docs/network-fields.md"));
});
