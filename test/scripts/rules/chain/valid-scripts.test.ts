import rule from "scripts/rules/chain/valid-scripts.ts";
import { expect, test } from "vitest";
import { type Any, findings, staging } from "../../../support/rules/overlay.ts";

test("staging passes", () => {
  expect(findings(rule, staging().manifests)).toEqual([]);
});

const scriptsOf = (manifests: Any) => manifests.find(({ data }: Any) => data?.["preflight.sh"]);

test.each<[string, (scripts: Any) => void, string]>([
  ["a preflight that lets everything pass", ({ data }) => (data["preflight.sh"] = "exit 0\n"), "preflight.sh"],
  ["a readiness that says yes", ({ data }) => (data["readiness.sh"] = "exit 0\n"), "readiness.sh"],
  ["a gate with an addition", ({ data }) => (data["gate.sh"] += "exit 0\n"), "gate.sh"],
  ["no gate", ({ data }) => delete data["gate.sh"], "gate.sh"],
])("%s", (_fault, change, file) => {
  const { manifests } = staging();
  const scripts = scriptsOf(manifests);
  change(scripts);
  expect(findings(rule, manifests)).toEqual([
    `ConfigMap/${scripts.metadata.name} data["${file}"]: must be the script that the generator writes`,
  ]);
});

test("another script", () => {
  const { manifests } = staging();
  scriptsOf(manifests).data["more.sh"] = "";
  expect(findings(rule, manifests)[0]).toContain('data["more.sh"]: is not a script of the generator');
});

test("no scripts, or two sets of them", () => {
  const { manifests, remove } = staging();
  const scripts = scriptsOf(manifests);
  manifests.push({ ...scripts, metadata: { ...scripts.metadata, name: "mezo-scripts-0123456789" } });
  expect(findings(rule, manifests)).toEqual(["ConfigMap/mezo-scripts : there must be one; there are 2"]);
  for (const name of ["mezo-scripts-0123456789", scripts.metadata.name]) remove(`ConfigMap/${name}`);
  expect(findings(rule, manifests)).toEqual(["ConfigMap/mezo-scripts : there must be one; there are 0"]);
});
