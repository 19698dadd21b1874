import type { Alert } from "generators/components/monitoring/alert.ts";
import { alerts, argocdAlerts, syncMinutes } from "generators/components/monitoring/alerts.ts";
import { ruleGroups, runbookUrl } from "generators/components/monitoring/rules.ts";
import { toolPath } from "tools/tool.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { alertCases, snapshotCases, upgradeCases } from "../../../support/alert-cases.ts";
import { fire } from "../../../support/fire-alerts.ts";
import { manyValidators, staging } from "../../../support/networks.ts";
import { planned } from "../../../support/releases.ts";
import { snapshots, withSnapshots } from "../../../support/snapshots.ts";

const ofArgocd = argocdAlerts("mezo-staging", syncMinutes(staging));

// The first run builds promtool.
beforeAll(() => toolPath("promtool"), 900_000);

describe("promtool", () => {
  test.each(alertCases)("$what: $firing", async (each) => {
    expect(await fire([...alerts(staging), ...ofArgocd], each)).toContain("SUCCESS");
  });

  test.each(upgradeCases)("before an upgrade, $what: $firing", async (each) => {
    const network = planned("v0.2.0-rc3", { name: "v0.3.0", height: 1_093_500, tag: "v0.3.0-rc3" });
    const [upgrade] = alerts(network).filter(({ name }) => name === "upgrade-not-ready");
    expect(await fire([upgrade as Alert], each)).toContain("SUCCESS");
  });

  test.each(snapshotCases)("with snapshots each hour, $what: $firing", async (each) => {
    const hourly = withSnapshots({ snapshots: { ...snapshots, schedule: "0 * * * *" } });
    const own = alerts(hourly).filter(({ name }) => name === "snapshots-too-old");
    expect(own).toHaveLength(1);
    expect(await fire(own, each)).toContain("SUCCESS");
  });

  test("every alert that needs nothing of the network fires in some case", () => {
    const fired = new Set(alertCases.flatMap(({ firing }) => Object.keys(firing)));
    const names = ruleGroups(staging, "all", [...alerts(staging), ...ofArgocd])[0]?.rules.map(({ alert }) => alert);
    expect(names?.filter((name) => !fired.has(name))).toEqual([]);
  });
});

describe("thresholds follow from the network", () => {
  const exprOf = (name: string, network = staging) => alerts(network).find((each) => each.name === name)?.expr;

  test("a chain with a slower pace counts as halted later", () => {
    const slow = { ...staging, settings: { ...staging.settings, config: { consensus: { timeout_commit: "30s" } } } };
    expect(exprOf("chain-halted")).toContain("offset 45s");
    expect(exprOf("chain-halted", slow)).toMatch(/offset 1\d\ds/);
  });

  test("half of the others are peers enough, and a lone validator wants none", () => {
    expect(exprOf("few-peers")).toMatch(/< 2$/);
    expect(exprOf("few-peers", manyValidators(100))).toMatch(/< 50$/);
    expect(exprOf("few-peers", manyValidators(1))).toBeUndefined();
  });

  test("a paused validator is not missed", () => {
    const paused = { ...staging, paused: [{ validator: 3, reason: "Its machine is replaced." }] };
    expect(exprOf("validator-not-signing")).toContain('pod="mezo-node-3-0"');
    expect(exprOf("validator-not-signing", paused)).not.toContain('pod="mezo-node-3-0"');
  });

  test("snapshots may be twice as old as the longest time between two runs, where there are any", () => {
    const at = (schedule: string) =>
      exprOf("snapshots-too-old", withSnapshots({ snapshots: { ...snapshots, schedule } }));
    expect(exprOf("snapshots-too-old")).toBeUndefined();
    expect(at("0 3 * * *")).toMatch(/ > 172800$/);
    expect(at("0 3 * * 1")).toMatch(/ > 1209600$/);
  });

  test("the certificate's end is known where the network says it", () => {
    const sealing = { certificate: `sha256:${"0".repeat(64)}`, expires: "2034-10-30T00:00:00Z", signers: { off: "" } };
    expect(exprOf("sealing-certificate-ends")).toBeUndefined();
    expect(exprOf("sealing-certificate-ends", { ...staging, sealing })).toBe("vector(time()) > 2043187200");
  });

  test("a release with sidecars in the pods watches those", () => {
    const network = planned("v3.0.1", { name: "v4.0.0", height: 6_853_500, tag: "v4.0.1" });
    expect(exprOf("sidecar-down", network)).toContain('container="ethereum-sidecar"');
  });
});

test.each([
  ["https://github.com/acme/chain.git", "https://github.com/acme/chain/blob/main/docs/runbooks/a.md"],
  ["git@github.com:acme/chain.git", "https://github.com/acme/chain/blob/main/docs/runbooks/a.md"],
  ["ssh://git@github.com/acme/chain", "https://github.com/acme/chain/blob/main/docs/runbooks/a.md"],
  ["ssh://git@github.com:22/acme/chain", "https://github.com/acme/chain/blob/main/docs/runbooks/a.md"],
  [
    "https://git.acme.example:8443/acme/chain.git",
    "https://git.acme.example:8443/acme/chain/blob/main/docs/runbooks/a.md",
  ],
  ["file:///srv/chain.git", "docs/runbooks/a.md"],
])("the runbook of a repository at %s", (repoURL, url) => {
  expect(runbookUrl({ argocd: { namespace: "argocd", repoURL, revision: "main" } }, "a")).toBe(url);
});
