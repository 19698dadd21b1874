import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { crdFiles, kubernetesVersions, schemasDir } from "tools/schemas.ts";
import { toolPath } from "tools/tool.ts";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { kubeconform } from "../support/kubeconform.ts";
import * as objects from "../support/sample-objects.ts";

type Json = Record<string, unknown>;

/** A copy with the value at `path` replaced, or removed if it is undefined. */
function change(object: object, path: string, value: unknown): object {
  const copy = structuredClone(object) as Json;
  const keys = path.split(".");
  const last = keys.pop() ?? "";
  const parent = keys.reduce((inner, key) => inner[key] as Json, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return copy;
}

const bad: [fault: string, object: object, path: string, value: unknown, message: RegExp][] = [
  ["Deployment, unknown field", objects.deployment, "spec.template.spec.containers.0.imagePull", "x", /not allowed/],
  ["Deployment, unknown in metadata", objects.deployment, "metadata.lables", {}, /not allowed/],
  ["Deployment, wrong type", objects.deployment, "spec.replicas", "1", /got string, want integer/],
  ["Deployment, null", objects.deployment, "spec.template.spec.volumes", null, /got null, want array/],
  ["Deployment, missing field", objects.deployment, "spec.selector", undefined, /missing property 'selector'/],
  ["Deployment, wrong group", objects.deployment, "apiVersion", "apps.example.com/v1", /must be.* 'apps\/v1'/],
  [
    "StatefulSet, policy",
    objects.statefulSet,
    "spec.persistentVolumeClaimRetentionPolicy.when",
    "Retain",
    /not allowed/,
  ],
  ["BackendConfig, unknown field", objects.backendConfig, "spec.healthCheck.path", "/", /not allowed/],
  ["BackendConfig, unknown in metadata", objects.backendConfig, "metadata.lables", {}, /not allowed/],
  ["BackendConfig, unknown in status", objects.backendConfig, "status", { a: 1 }, /not allowed/],
  ["BackendConfig, wrong type", objects.backendConfig, "spec.timeoutSec", 1.5, /got number, want integer/],
  ["BackendConfig, missing field", objects.backendConfig, "spec.securityPolicy", {}, /missing property 'name'/],
  ["FrontendConfig, unknown field", objects.frontendConfig, "spec.tls", true, /not allowed/],
  ["FrontendConfig, wrong type", objects.frontendConfig, "spec.redirectToHttps.enabled", "true", /want boolean/],
  ["FrontendConfig, missing field", objects.frontendConfig, "spec.redirectToHttps", {}, /missing property 'enabled'/],
  ["SealedSecret, unknown field", objects.sealedSecret, "spec.scope", "strict", /not allowed/],
  ["SealedSecret, wrong type", objects.sealedSecret, "spec.encryptedData.key", 1, /got number, want string/],
  ["SealedSecret, wrong type in template", objects.sealedSecret, "spec.template.metadata.labels", 1, /want object/],
  ["SealedSecret, null", objects.sealedSecret, "spec.template.immutable", null, /got null, want boolean/],
  ["SealedSecret, missing field", objects.sealedSecret, "spec.encryptedData", undefined, /missing property/],
  ["Application, unknown field", objects.application, "spec.source.branch", "main", /not allowed/],
  ["Application, wrong type", objects.application, "spec.syncPolicy.automated.prune", "yes", /want boolean/],
  ["Application, missing field", objects.application, "spec.source.repoURL", undefined, /missing property 'repoURL'/],
  ["AppProject, unknown field", objects.appProject, "spec.sources", [], /not allowed/],
  ["PodMonitoring, unknown field", objects.podMonitoring, "spec.endpoints.0.periods", "30s", /not allowed/],
  ["PodMonitoring, no duration", objects.podMonitoring, "spec.endpoints.0.interval", "30", /does not match pattern/],
  ["PodMonitoring, missing field", objects.podMonitoring, "spec.selector", undefined, /missing property 'selector'/],
  ["Rules, missing field", objects.gmpRules, "spec.groups.0.interval", undefined, /missing property 'interval'/],
  ["Rules, wrong type", objects.gmpRules, "spec.groups.0.rules.0.labels.severity", 1, /got number, want string/],
  ["PodMonitor, unknown field", objects.podMonitor, "spec.endpoints", [], /not allowed/],
  ["PrometheusRule, unknown field", objects.prometheusRule, "spec.groups.0.rules.0.alerts", "A", /not allowed/],
];

// The first run builds kubeconform and downloads the sources of the schemas.
beforeAll(() => Promise.all([toolPath("kubeconform"), ...kubernetesVersions.map(schemasDir)]), 900_000);

describe.each(kubernetesVersions)("schemas of Kubernetes %s", (version) => {
  test.each(Object.entries(objects))("accept a valid %s", async (_, object) => {
    expect(await kubeconform(version, [object])).toMatchObject([{ kind: object.kind, status: "statusValid", msg: "" }]);
  });

  test.each(bad)("reject %s", async (_, object, path, value, message) => {
    const [verdict] = await kubeconform(version, [change(object, path, value)]);
    expect(verdict?.msg).toMatch(message);
    expect(verdict?.status).toBe("statusInvalid");
  });

  test("accept every CustomResourceDefinition, tools/crds among them", async () => {
    const crds = (await crdFiles()).map((file) => parse(readFileSync(file, "utf8")) as { kind: string });
    const accepted = { kind: "CustomResourceDefinition", status: "statusValid" };
    expect(await kubeconform(version, crds)).toMatchObject(crds.map(() => accepted));
  });

  test("all compile", async () => {
    const folder = await schemasDir(version);
    const files = readdirSync(folder);
    const minimal = files.map((file) => {
      const { properties } = JSON.parse(readFileSync(join(folder, file), "utf8"));
      return { apiVersion: properties.apiVersion.enum[0], kind: properties.kind.enum[0], metadata: { name: "a" } };
    });
    // A schema that is missing or does not compile causes statusError. An object without its spec may be invalid.
    const verdicts = await kubeconform(version, minimal);
    expect(verdicts.filter(({ status }) => !/^status(Valid|Invalid)$/.test(status))).toEqual([]);
    expect(verdicts).toHaveLength(files.length);
    expect(files).toEqual(expect.arrayContaining(["ingress-networking-v1.json", "appproject-argoproj-v1alpha1.json"]));
  });
});

test("a kind without a schema is an error, not a success", async () => {
  const [verdict] = await kubeconform("1.37.2", [{ apiVersion: "example.com/v1", kind: "Unknown", metadata: {} }]);
  expect(verdict).toMatchObject({ status: "statusError", msg: "could not find schema for Unknown" });
});
