import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { defineNetwork } from "generators/network/define.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";
import { expect, onTestFinished, test } from "vitest";
import { staging } from "./support/networks.ts";
import { connectSidecar } from "./support/releases.ts";

const docs = resolve(import.meta.dirname, "../docs");
const blocks = ["upgrades.md", "runbooks/planned-halt.md", "operating.md"].flatMap((page) =>
  [...readFileSync(join(docs, page), "utf8").matchAll(/^ *```ts\n(.*?)^ *```$/gms)].map(([, text = ""]) => text),
);
const about = blocks.filter((text) => /\b(upgrade|stagedUpgrade|emergency|rollout|image): /.test(text));

/** The fields that a page has people write. */
async function fieldsOf(block: string): Promise<Partial<NetworkInput>> {
  const folder = mkdtempSync(join(tmpdir(), "page-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const file = join(folder, "fields.mjs");
  writeFileSync(
    file,
    `export default {\n${block.replaceAll("…/", "registry.example/").replace("<64 hex characters>", "c".repeat(64))}\n};\n`,
  );
  return (await import(file)).default;
}

// On staging, as it may be when somebody writes this: on a newer cluster, with a Connect, and before the fork of the page.
test.each(about)("what docs/upgrades.md and the runbook have people write is a network: %s", async (block) => {
  const fields = await fieldsOf(block);
  const gke = { ...(staging.gke as NonNullable<Network["gke"]>), version: "1.35" };
  const isFork = fields.upgrade && "before" in fields.upgrade;
  const image = isFork ? { ...staging.image, tag: "v0.3.0-rc3" } : staging.image;
  expect(Object.keys(fields)).not.toEqual([]);
  expect(() => defineNetwork({ ...staging, gke, image, connectSidecar, ...fields } as NetworkInput)).not.toThrow();
});

test("the pages show each of the fields", () => {
  for (const field of ["image", "stagedUpgrade", "upgrade: { before", "upgrade: { name", "emergency", "rollout"]) {
    expect(
      about.filter((block) => block.includes(`${field}`)),
      field,
    ).not.toEqual([]);
  }
});
