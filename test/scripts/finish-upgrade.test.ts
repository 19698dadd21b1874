import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { edit } from "../support/artifacts.ts";
import { checkout, run } from "../support/checkout.ts";
import { connectField } from "../support/releases.ts";

const file = "generators/networks/local.ts";
const plan = `${connectField}  upgrade: { name: "v0.3.0", height: 60, tag: "v0.3.0-rc3" },\n`;

/** A checkout in which local plans an upgrade. */
function planned(text = plan) {
  const root = checkout();
  edit(join(root, file), (before) => before.replace('  rollout: "', `${text}  rollout: "`));
  const read = () => readFileSync(join(root, file), "utf8");
  return { root, read };
}

test("the release becomes the image, and what is rendered follows", () => {
  const { root, read } = planned();
  expect(run(root, "gen").code).toBe(0);
  const { code, stdout, stderr } = run(root, "finish-upgrade", "local", "--yes");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^finish-upgrade: generators\/networks\/local\.ts and \d+ files written, 2 removed\n$/);
  expect(read()).toContain('image: { repository: "mezo-node", tag: "v0.3.0-rc3" },');
  expect(read()).not.toContain("upgrade:");
  expect(run(root, "gen", "--check").code).toBe(0);
  expect(run(root, "finish-upgrade", "local", "--yes")).toMatchObject({
    code: 1,
    stderr: "error: generators/networks/local.ts has no `upgrade` to finish\n",
  });
});

test("a file that is written in another way is left as it is, and a person is told what to write", () => {
  const { root, read } = planned(`${connectField}  ...{ upgrade: { name: "v0.3.0", height: 60, tag: "v0.3.0-rc3" } },\n`);
  const before = read();
  const { code, stderr } = run(root, "finish-upgrade", "local", "--yes");
  expect(code).toBe(1);
  expect(stderr).toContain('set image.tag to "v0.3.0-rc3", and take `upgrade` out');
  expect(read()).toBe(before);
});

test("a network that would not render is left as it is", () => {
  const { root, read } = planned();
  edit(join(root, file), (text) => text.replace('spread: "preferred"', 'spread: "none"'));
  const before = read();
  const { code, stderr } = run(root, "finish-upgrade", "local", "--yes");
  expect(code).toBe(1);
  expect(stderr).toContain("spread");
  expect(read()).toBe(before);
});

test("nobody is there to say that the chain has passed the height", () => {
  const { root, read } = planned();
  const before = read();
  expect(run(root, "finish-upgrade", "local")).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("pass --yes to write without asking"),
  });
  expect(read()).toBe(before);
});

test.each([[], ["nobody"], ["local", "staging"]])("called with %j, it says how it is called", (...names) => {
  expect(run(checkout(), "finish-upgrade", ...names.filter((name) => name !== undefined)).code).toBe(2);
});
