import rule from "scripts/rules/monitoring/require-runbooks.ts";
import { expect, test } from "vitest";
import { argocd } from "../../../support/rules/argocd.ts";
import { type Any, findings, findingsAfter, staging } from "../../../support/rules/overlay.ts";

test("staging and Argo CD's overlay pass", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
  expect(findings(rule, argocd().manifests)).toEqual([]);
});

test.each<[string, (annotations: Any) => void, string]>([
  ["none", (a) => delete a.runbook_url, "ChainHalted's runbook is missing"],
  [
    "of no page",
    (a) => (a.runbook_url = "https://example.org/docs/runbooks/nowhere.md"),
    "leads to no page of docs/runbooks: https://example.org/docs/runbooks/nowhere.md",
  ],
  ["of another folder", (a) => (a.runbook_url = "docs/operating.md"), "leads to no page of docs/runbooks"],
])("a runbook: %s", (_, change, message) => {
  const found = findingsAfter(rule, "Rules/mezo-alerts", (o) => change(o.spec.groups[0].rules[0].annotations));
  expect(found).toHaveLength(1);
  expect(found[0]).toContain("Rules/mezo-alerts spec.groups[0].rules[0].annotations.runbook_url: ");
  expect(found[0]).toContain(message);
});
