import rule from "scripts/rules/traffic/no-unsafe-json-rpc.ts";
import { expect, test } from "vitest";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging holds", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each(["personal", "debug", "miner", "admin", ""])("the namespace %j", (namespace) => {
  const manifests = withToml(staging().manifests, "app.toml", 'api = "eth,net,web3"', `api = "eth,${namespace}"`);
  expect(findings(rule, manifests)[0]).toContain(
    `app.toml json-rpc.api: serves "${namespace}"; safe are eth, net, web3, txpool`,
  );
});
