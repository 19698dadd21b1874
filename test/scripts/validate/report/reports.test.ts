import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { rules } from "scripts/rules/index.ts";
import { reports } from "scripts/validate/report/index.ts";
import { type ReportedFinding, reported } from "scripts/validate/reported-finding.ts";
import { describe, expect, test } from "vitest";
import { edit, temporary } from "../../../support/artifacts.ts";
import { checkout, run } from "../../../support/checkout.ts";

/** A checkout with an Ingress that leads nowhere. */
function broken(): string {
  const root = checkout();
  edit(join(root, "overlays/staging/mezo-rpc/ingress.yaml"), (text) => text.replace("number: 8545", "number: 8547"));
  return root;
}

const id = "no-missing-ingress-backend";
/** The rule that says what a load balancer is, which finds that, too. */
const shape = "valid-load-balancers";
const place = "Ingress/mezo-rpc spec.defaultBackend.service.port";

test("json: every finding with all that the text says about it, and nothing else on standard output", () => {
  const { code, stdout, stderr } = run(broken(), "validate", "staging", "--output", "json");
  const { valid, steps, problems } = JSON.parse(stdout);
  expect(valid).toBe(false);
  expect(steps.map(({ name }: { name: string }) => name)).toEqual([
    "generated files",
    "kustomize build",
    "kubeconform 1.33.13",
    "kubeconform 1.37.2",
    "rules",
    "sealed secrets",
    "tracked files",
  ]);
  expect(problems).toContainEqual({
    step: "rules",
    id,
    fingerprint: `${id}/staging/Ingress/mezo-rpc/spec.defaultBackend.service.port`,
    severity: "error",
    overlay: "staging",
    object: "Ingress/mezo-rpc",
    field: "spec.defaultBackend.service.port",
    message: "Service mezo-rpc has no port 8547",
    why: expect.stringMatching(/\.$/),
    fix: expect.stringMatching(/\.$/),
  });
  expect(problems.map((each: ReportedFinding) => [each.id, each.severity])).toContainEqual([
    "no-missing-sealed-secret",
    "warning",
  ]);
  expect(stderr).toBe("");
  expect(code).toBe(1);
});

test("junit: a case for each rule, in XML that a parser reads", () => {
  const { code, stdout } = run(broken(), "validate", "staging", "--output", "junit");
  expect(XMLValidator.validate(stdout)).toBe(true);
  const { testsuites } = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@" }).parse(stdout);
  const suite = testsuites.testsuite.find((each: { "@name": string }) => each["@name"] === "rules");
  const cases = suite.testcase as { "@name": string; failure?: { "@message": string; "#text": string } }[];
  expect(cases.map((each) => each["@name"])).toEqual(expect.arrayContaining(rules.map((rule) => rule.id)));
  const failures = cases.filter(({ failure }) => failure);
  expect(failures.map((each) => each["@name"])).toEqual([id, shape]);
  expect(failures[0]?.failure?.["#text"]).toContain(`staging ${place}: Service mezo-rpc has`);
  expect([suite["@tests"], suite["@failures"]]).toEqual([String(cases.length), "2"]);
  expect(code).toBe(1);
});

test("github: annotations at the file that holds the object", () => {
  const { code, stdout } = run(broken(), "validate", "staging", "--output", "github");
  const lines = stdout.trim().split("\n");
  expect(lines.filter((line) => line.startsWith("::error"))).toEqual([
    expect.stringContaining("::error file=overlays/staging/mezo-rpc/ingress.yaml,title=generated-file::"),
    expect.stringContaining(`::error file=overlays/staging/mezo-rpc/ingress.yaml,title=${id}::staging ${place}: Serv`),
    expect.stringContaining(
      `::error file=overlays/staging/mezo-rpc/ingress.yaml,title=${shape}::staging ${place}.number`,
    ),
  ]);
  expect(lines.at(-1)).toMatch(/^not valid, 3 errors, \d warnings?$/);
  expect(code).toBe(1);
});

describe("github", () => {
  const text = (change: Partial<ReportedFinding>, root = temporary("validate")) => {
    const finding = { severity: "error" as const, object: "", field: "", message: "is wrong" };
    const findings = reported({ id: "a,b:c", why: "Why.", fix: "Fix." }, "", [finding]);
    const changed = findings.map((each) => ({ ...each, ...change }));
    const outcome = { name: "s", summary: "", seconds: 0, requirements: [], findings: changed };
    return reports.github([outcome], root).split("\n")[0];
  };

  test("escapes what would end a command", () => {
    expect(text({ message: "100 %\r\n::error::x" })).toBe(
      "::error title=a%2Cb%3Ac::100 %25%0D%0A::error::x. Why. Fix.",
    );
  });

  test("an excused finding is a notice with its reason", () => {
    expect(text({ excuse: "a drill" })).toBe("::notice title=a%2Cb%3Ac::is wrong. Excused: a drill");
  });

  test("the line, where it is known", () => {
    const root = temporary("validate");
    mkdirSync(join(root, "docs"));
    writeFileSync(join(root, "docs/x.md"), "text\n");
    expect(text({ object: "docs/x.md", field: "line 7" }, root)).toContain("::error file=docs/x.md,line=7,title=");
  });

  test("the file of a setting, and the network for an object without a file", () => {
    const root = checkout();
    const at = (object: string, field: string) => text({ overlay: "staging", object, field }, root);
    expect(at("ConfigMap/mezo-node-config-8k2fgt7c6m", "config.toml rpc.unsafe")).toContain(
      "file=overlays/staging/config/config.toml,",
    );
    expect(at("StatefulSet/mezo-node-9", "")).toContain("file=generators/networks/staging.ts,");
  });
});
