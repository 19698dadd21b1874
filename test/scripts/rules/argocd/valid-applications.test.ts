import { appProject } from "generators/components/argocd.ts";
import rule from "scripts/rules/argocd/valid-applications.ts";
import { expect, test } from "vitest";
import { argocd } from "../../../support/rules/argocd.ts";
import { type Any, findings, staging } from "../../../support/rules/overlay.ts";
import { withSnapshots } from "../../../support/snapshots.ts";

const found = (manifests: Any) =>
  [...rule.check(manifests, undefined)].map(({ field, message }) => `${field}: ${message}`);

test("argocd and staging pass", () => {
  expect(found(argocd().manifests)).toEqual([]);
  expect(findings(rule, staging().manifests)).toEqual([]);
});

test.each([
  ["in a namespace of its own passes", [{ group: "", kind: "Namespace" }], false],
  ["in a namespace that was there before passes", [], false],
  ["may not make what gives rights", [{ group: "rbac.authorization.k8s.io", kind: "ClusterRole" }], true],
])("a network %s", (_case, clusterResourceWhitelist, isRefused) => {
  const { manifests } = argocd();
  for (const { kind, spec } of manifests as Any[]) {
    if (kind === "Application") spec.destination.namespace = "mezo";
    else if (kind === "AppProject") {
      const priorityClasses = spec.clusterResourceWhitelist.filter(({ kind }: Any) => kind === "PriorityClass");
      spec.clusterResourceWhitelist = [...clusterResourceWhitelist, ...priorityClasses];
      spec.destinations[0].namespace = "mezo";
    }
  }
  const said = found(manifests).filter((line) => line.startsWith("spec.clusterResourceWhitelist"));
  expect(said.length > 0).toBe(isRefused);
  expect(found(manifests)).toEqual(said);
});

test.each<[string, (project: Any) => void, string[]]>([
  ["passes with all that belongs to them", () => {}, []],
  [
    "may write no other class",
    (project) => (project.spec.clusterResourceWhitelist.at(-1).name = "standard"),
    ["spec.clusterResourceWhitelist[1].name: must be mezo-staging-snapshots, is standard"],
  ],
  [
    "may write no class of any name",
    (project) => delete project.spec.clusterResourceWhitelist.at(-1).name,
    ["spec.clusterResourceWhitelist[1].name: must be mezo-staging-snapshots, is missing"],
  ],
  [
    "may write no ClusterRole",
    (project) => (project.spec.namespaceResourceWhitelist.at(-1).kind = "ClusterRole"),
    ["spec.namespaceResourceWhitelist[18].kind: must be RoleBinding, is ClusterRole"],
  ],
  [
    "may not give rights without them",
    (project) => project.spec.clusterResourceWhitelist.pop(),
    [15, 16, 17, 18].map((place) => `spec.namespaceResourceWhitelist[${place}]: must not be there`),
  ],
])("a project of a network with snapshots %s", (_case, change, expected) => {
  const { manifests, project } = argocd();
  const network = withSnapshots();
  project.spec = structuredClone(appProject({ ...network, argocd: network.argocd as never }).spec);
  change(project);
  const said = found(manifests);
  expect(said).toEqual(expected.map((each) => expect.stringContaining(each)));
});

test.each<[string, (both: { application: Any; project: Any }) => void, string]>([
  ["a finalizer", ({ application }) => (application.metadata.finalizers = []), "metadata.finalizers: must not be set"],
  [
    "an annotation",
    ({ application }) => (application.metadata.annotations.x = "y"),
    "metadata.annotations.x: must not",
  ],
  ["more sources", ({ application }) => (application.spec.sources = []), "spec.sources: must not be set"],
  ["images of its own", ({ application }) => (application.spec.source.kustomize = {}), "source.kustomize: must not"],
  ["another overlay", ({ application }) => (application.spec.source.path = "overlays/local"), "spec.source.path: must"],
  ["whatever branch", ({ application }) => (application.spec.source.targetRevision = "HEAD"), "must be a branch"],
  ["every repository", ({ application }) => (application.spec.source.repoURL = "https://*"), "must be the URL of one"],
  [
    "unchecked objects",
    ({ application }) => application.spec.syncPolicy.syncOptions.push("Validate=false"),
    "[3]: must",
  ],
  ["every namespace", ({ project }) => (project.spec.destinations[0].namespace = "*"), "must be default, is *"],
  ["other repositories", ({ project }) => project.spec.sourceRepos.push("*"), "spec.sourceRepos[1]: must not be there"],
  ["Secrets", ({ project }) => project.spec.namespaceResourceWhitelist.push({ kind: "Secret" }), "must not be there"],
  [
    "namespaces",
    ({ project }) => project.spec.clusterResourceWhitelist.push({ kind: "Namespace" }),
    "spec.clusterResourceWhitelist[1]: must not be there",
  ],
  [
    "every PriorityClass",
    ({ project }) => delete project.spec.clusterResourceWhitelist[0].name,
    "spec.clusterResourceWhitelist[0].name: must be mezo-staging-validator, is missing",
  ],
  ["roles", ({ project }) => (project.spec.roles = []), "spec.roles: must not be set"],
  ["Applications anywhere", ({ project }) => (project.spec.sourceNamespaces = ["*"]), "sourceNamespaces: must not"],
])("%s", (_fault, change, message) => {
  const { manifests, application, project } = argocd();
  change({ application, project });
  expect(found(manifests)[0]).toContain(message);
});

test.each([{ name: "production" }, { server: "https://203.0.113.7:6443" }])("a network in the cluster %j", (place) => {
  const { manifests, application, project } = argocd();
  const destination = { ...place, namespace: "default" };
  application.spec.destination = destination;
  expect(found(manifests)[0]).toContain("spec.destinations[0]");
  project.spec.destinations[0] = destination;
  expect(found(manifests)).toEqual([]);
});

test.each([
  [{ name: "in-cluster" }],
  [{ name: "*" }],
  [{ name: "production", server: "https://kubernetes.default.svc" }],
  [{ server: "https://*" }],
  [{ server: "!https://203.0.113.7" }],
  [{}],
])("an Application and its project for the cluster %j", (place) => {
  const { manifests, application, project } = argocd();
  const destination = { ...place, namespace: "default" };
  application.spec.destination = destination;
  project.spec.destinations = [destination];
  expect(found(manifests)[0]).toMatch(/^spec\.destination\./);
});

test("an Application of another project, a project of nobody, and anything else", () => {
  const { manifests, project } = argocd();
  project.metadata.name = "default";
  expect(found(manifests)).toEqual([
    "spec.project: there must be one AppProject of its name; there are 0",
    "metadata.name: must be that of one Application; 0 have it",
  ]);
  manifests.splice(0, 9, { apiVersion: "v1", kind: "Secret", metadata: { name: "x" } });
  expect(found(manifests)).toEqual(["kind: must be in the overlay of a network"]);
});

test("an Application in the overlay of a network", () => {
  const { manifests } = staging();
  manifests.push(...argocd().manifests);
  expect(findings(rule, manifests)).toHaveLength(2);
});
