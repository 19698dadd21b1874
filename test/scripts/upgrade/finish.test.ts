import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NetworkDeclaration } from "generators/network/schema.ts";
import { finished, finishedText } from "scripts/upgrade/finish.ts";
import { expect, test } from "vitest";

const networks = resolve(import.meta.dirname, "../../../generators/networks");
const plan = { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" };
const pinned = { name: "v0.3.0", height: 1_093_500, digest: `sha256:${"a".repeat(64)}`, release: "v0.3.0-rc3" };

test.each(["staging", "local"])("in %s as it is committed, the tag changes and the plan goes; nothing else", (name) => {
  const text = readFileSync(`${networks}/${name}.ts`, "utf8");
  const planned = text.replace(
    /^ {2}rollout:/m,
    '  upgrade: { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" },\n  rollout:',
  );
  expect(planned).not.toBe(text);
  expect(finishedText(planned, plan)).toBe(text.replace('tag: "v0.2.0-rc3"', 'tag: "v0.3.0-rc3"'));
});

test("a plan of several lines goes as a whole", () => {
  const text = `export default {
  image: { repository: "x.example/mezod", tag: "v0.2.0-rc3" },
  upgrade: {
    name: "v0.3.0",
    height: 1_093_500,
    tag: "v0.3.0-rc3",
  },
  spread: "preferred",
};
`;
  expect(finishedText(text, plan)).toBe(`export default {
  image: { repository: "x.example/mezod", tag: "v0.3.0-rc3" },
  spread: "preferred",
};
`);
});

test.each([
  ['image: { repository: "r", tag: "v0.2.0-rc3" },', pinned],
  [`image: { repository: "r", digest: "sha256:${"0".repeat(64)}", release: "v0.2.0-rc3" },`, pinned],
])("a digest takes the place of %s", (image, upgrade) => {
  const expected = `image: { repository: "r", digest: "sha256:${"a".repeat(64)}", release: "v0.3.0-rc3" },`;
  expect(finishedText(image, upgrade)).toBe(expected);
});

test("a tag takes the place of a digest and its release", () => {
  const image = `image: {\n  repository: "r",\n  digest: "sha256:${"0".repeat(64)}",\n  release: "v0.2.0-rc3",\n},`;
  expect(finishedText(image, plan)).toBe('image: {\n  repository: "r",\n  tag: "v0.3.0-rc3",\n},');
});

test("a declaration with a fork loses it, and has its release", () => {
  const declaration = { name: "x", image: { repository: "r", tag: "v0.3.0-rc3" } } as NetworkDeclaration;
  const fork = { before: 1_745_000, tag: "v0.4.0-rc1" };
  expect(finished({ ...declaration, upgrade: fork })).toEqual({
    name: "x",
    image: { repository: "r", tag: "v0.4.0-rc1" },
  });
  expect(finished(declaration)).toEqual(declaration);
});
