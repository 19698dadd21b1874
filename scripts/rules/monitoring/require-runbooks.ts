import { existsSync } from "node:fs";
import { join } from "node:path";
import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

interface Groups {
  spec: { groups?: { rules?: { alert?: string; annotations?: Record<string, string> }[] }[] };
}

// The pages of the checkout that this rule belongs to.
const repository = join(import.meta.dirname, "../../..");

export default {
  id: "require-runbooks",
  why: "Whoever is woken at night has this page and nothing else.",
  fix: "Write the page docs/runbooks/<alert>.md, or give the alert in generators/components/monitoring/alerts.ts the name of one.",
  brokenBy: "generator",
  *check(manifests) {
    for (const manifest of [...ofKind<Groups>(manifests, "Rules"), ...ofKind<Groups>(manifests, "PrometheusRule")]) {
      for (const [i, { rules = [] }] of (manifest.spec.groups ?? []).entries()) {
        for (const [j, { alert, annotations = {} }] of rules.entries()) {
          const url = annotations.runbook_url ?? "";
          const [page] = /docs\/runbooks\/[a-z0-9-]+\.md$/.exec(url) ?? [];
          if (page && existsSync(join(repository, page))) continue;
          const field = `spec.groups[${i}].rules[${j}].annotations.runbook_url`;
          const is = url ? `leads to no page of docs/runbooks: ${url}` : "is missing";
          yield finding(manifest, field, `${alert}'s runbook ${is}`);
        }
      }
    }
  },
} satisfies Rule;
