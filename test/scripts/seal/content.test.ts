import { digestOf, isDigestOf } from "scripts/seal/content.ts";
import { expect, test } from "vitest";

const content = (entries: Record<string, string>) =>
  new Map(Object.entries(entries).map(([key, value]) => [key, Buffer.from(value)]));

test("a digest is salted: never the same twice, and known again whatever the order of keys", async () => {
  const digests = await Promise.all([digestOf(content({ a: "1", b: "2" })), digestOf(content({ a: "1", b: "2" }))]);
  expect(new Set(digests).size).toBe(2);
  for (const digest of digests) {
    expect(digest).toMatch(/^\$scrypt\$ln=16,r=8,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(await isDigestOf(digest, content({ b: "2", a: "1" }))).toBe(true);
  }
});

test.each([[{ a: "1" }], [{ a: "2", b: "1" }], [{ a: "1", b: "3" }], [{ a: "1", c: "2" }], [{ a: "1b2" }], [{}]])(
  "%j is another content",
  async (other) => {
    expect(
      await isDigestOf(await digestOf(content({ a: "1", b: "2" })), content(other as Record<string, string>)),
    ).toBe(false);
  },
);
