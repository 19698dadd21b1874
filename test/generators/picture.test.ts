import { picture, withPictures } from "generators/picture.ts";
import { expect, test } from "vitest";
import { local, manyValidators, staging } from "../support/networks.ts";

test("staging's picture shows every validator with its wave, and the Ingresses", () => {
  const text = picture(staging);
  for (const i of [0, 1, 2, 3, 4]) expect(text).toContain(`n${i}["mezo-node-${i}<br/>wave ${i + 1}"]`);
  expect(text).toContain('ingressWs["Ingress mezo-rpc-ws"]');
});

test("a network without a cloud has no Ingress", () => {
  expect(picture(local)).not.toContain("Ingress");
});

test("a large network's picture stays small", () => {
  const text = picture(manyValidators(100));
  expect(text).toContain("… and 92 more");
  expect(text.split("\n").length).toBeLessThan(30);
});

test("only what stands between a network's marks is replaced", () => {
  const page =
    "a\n<!-- picture of local -->\nold\n<!-- end of picture -->\nb\n<!-- picture of x -->\n<!-- end of picture -->\n";
  const filled = withPictures(page, [local, staging]);
  expect(filled).toBe(page.replace("old\n", `\n${picture(local)}\n`));
  expect(withPictures(filled, [local, staging])).toBe(filled);
});
