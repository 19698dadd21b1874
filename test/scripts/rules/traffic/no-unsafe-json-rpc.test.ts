import rule from "scripts/rules/traffic/no-unsafe-json-rpc.ts";
import { expect, test } from "vitest";
import { findings, staging, withToml } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each(["personal", "debug", "miner", "admin", ""])("the namespace %j", (namespace) => {
  const manifests = withToml(staging().manifests, "app.toml", 'api = "eth,net,web3"', `api = "eth,${namespace}"`);
  expect(findings(rule, manifests)[0]).toContain(
    `app.toml json-rpc.api: serves "${namespace}"; only eth, net, web3, txpool, mezo are safe`,
  );
});
