import type { Finding } from "../../lib/finding.ts";
import type { AppProject } from "../../objects/argocd.ts";
import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

// Secrets come from the controller, claims from StatefulSets; the rest gives rights or runs code.
const forbidden = [
  "*",
  "Secret",
  "PersistentVolumeClaim",
  "Pod",
  "Job",
  "CronJob",
  "Role",
  "RoleBinding",
  "ServiceAccount",
];

export default {
  id: "no-permissive-project",
  why: "Whatever an AppProject allows, a single bad commit can do to the cluster.",
  fix: "Set `argocd.repoURL` in the network to one repository; what else is allowed stands in generators/components/argocd.ts.",
  brokenBy: "network",
  *check(manifests) {
    for (const project of ofKind<AppProject>(manifests, "AppProject")) yield* permissions(project);
  },
} satisfies Rule;

function* permissions(project: AppProject): Iterable<Finding> {
  const { sourceRepos, destinations, clusterResourceWhitelist = [], namespaceResourceWhitelist } = project.spec;
  if (isWide(sourceRepos)) yield finding(project, "spec.sourceRepos", `must name repositories, is ${sourceRepos}`);
  if (isWide(destinations?.flatMap(({ server, namespace }) => [server, namespace])))
    yield finding(project, "spec.destinations", "must name server and namespace");
  for (const { kind } of clusterResourceWhitelist) {
    if (kind !== "Namespace") yield finding(project, "spec.clusterResourceWhitelist", `must not allow ${kind}`);
  }
  // Without a list Argo CD allows every kind.
  for (const { kind } of namespaceResourceWhitelist ?? [{ kind: "*" }]) {
    if (forbidden.includes(kind)) yield finding(project, "spec.namespaceResourceWhitelist", `must not allow ${kind}`);
  }
}

const isWide = (list: readonly (string | undefined)[] = []) =>
  list.length === 0 || list.some((each) => !each || each.includes("*"));
