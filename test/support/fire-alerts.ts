import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Alert } from "generators/components/monitoring/alert.ts";
import { ruleGroups } from "generators/components/monitoring/rules.ts";
import { toYaml } from "generators/yaml.ts";
import { toolPath } from "tools/tool.ts";
import { type AlertCase, healthy } from "./alert-cases.ts";
import { staging } from "./networks.ts";

/** What promtool says of alerts and of what happens; it throws where the alerts that fire are others. */
export async function fire(all: readonly Alert[], { change, at, firing }: AlertCase): Promise<string> {
  const promtool = await toolPath("promtool");
  const folder = mkdtempSync(join(tmpdir(), "alerts-"));
  try {
    const series = Object.entries({ ...healthy, ...change }).filter(([, values]) => values !== null);
    writeFileSync(join(folder, "rules.yaml"), toYaml({ groups: ruleGroups(staging, "all", all) }));
    const expected = Object.entries(firing).map(([name, count]) => ({ labels: `{alertname="${name}"}`, value: count }));
    const tests = {
      rule_files: ["rules.yaml"],
      evaluation_interval: "1m",
      tests: [
        {
          interval: "1m",
          input_series: series.map(([name, values]) => ({ series: name, values })),
          promql_expr_test: [
            { expr: 'count by (alertname) (ALERTS{alertstate="firing"})', eval_time: at, exp_samples: expected },
          ],
        },
      ],
    };
    writeFileSync(join(folder, "tests.yaml"), toYaml(tests));
    return execFileSync(promtool, ["test", "rules", "tests.yaml"], { cwd: folder, encoding: "utf8", stdio: "pipe" });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
