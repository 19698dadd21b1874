import rule from "scripts/rules/gke/require-idle-timeout.ts";
import { expect, test } from "vitest";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

const timeout = /http-idle-timeout = "[^"]*"/;
const changed = (to: string) => withToml(staging().manifests, "app.toml", timeout, to);

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["the live network's", 'http-idle-timeout = "2m0s"', "2m0s"],
  ["just that of the front ends", 'http-idle-timeout = "600s"', "600s"],
  ["none", 'http-idle-timeout = ""', ""],
  ["a number", "http-idle-timeout = 700", "700"],
  ["missing", "", "missing"],
])("%s", (_, line, is) => {
  const [found] = findings(rule, changed(line));
  expect(found).toMatch(
    /^ConfigMap\/mezo-node-config-\w+ app\.toml json-rpc\.http-idle-timeout: must be more than 600 /,
  );
  expect(found?.endsWith(`, such as 10m20s; is ${is}`)).toBe(true);
});

test("without a load balancer the node may close connections when it likes", () => {
  const manifests = changed('http-idle-timeout = "2m0s"').filter(({ kind }) => kind !== "Ingress");
  expect(findings(rule, manifests)).toEqual([]);
});
