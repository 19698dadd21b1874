import type { Application } from "../../objects/argocd.ts";
import { ofKind } from "../../objects/manifests.ts";
import { applicationShape, notificationsShape, projectShape } from "../../objects/shapes/argocd.ts";
import { applicationMonitoring, monitoringKinds } from "../../objects/shapes/monitoring.ts";
import { finding, misshapen, type Rule, unexpected } from "../rule.ts";

const kinds = ["Application", "AppProject"];

export default {
  id: "valid-applications",
  why: "An Application can prune, replace or recreate everything that it deploys, and whatever its AppProject allows a single bad commit can do to the cluster.",
  fix: "Restore what the finding names in generators/components/argocd.ts; repository and branch come from `argocd` in the network.",
  brokenBy: "network",
  *check(manifests, network) {
    const applications = ofKind<Application>(manifests, "Application");
    const projects = ofKind(manifests, "AppProject");
    for (const application of applications) {
      yield* misshapen(application, applicationShape(application));
      const own = projects.filter(({ metadata }) => metadata.name === application.metadata.name);
      for (const project of own) yield* misshapen(project, projectShape(application, project));
      if (own.length === 1) continue;
      yield finding(application, "spec.project", `there must be one AppProject of its name; there are ${own.length}`);
    }
    for (const project of projects) {
      const users = applications.filter(({ metadata }) => metadata.name === project.metadata.name);
      if (users.length !== 1)
        yield finding(project, "metadata.name", `must be that of one Application; ${users.length} have it`);
    }
    if (!network) {
      const expected = applications.flatMap((each) => applicationMonitoring(each, manifests));
      yield* unexpected(manifests, monitoringKinds, expected);
    }
    const notified = network ? [] : manifests.filter(({ metadata }) => metadata.name === "argocd-notifications-cm");
    for (const each of notified) yield* misshapen(each, notificationsShape(each));
    for (const manifest of manifests) {
      if (notified.includes(manifest)) continue;
      const isArgoCds = kinds.includes(manifest.kind);
      if (!network && monitoringKinds.includes(manifest.kind)) continue;
      if (network && isArgoCds) yield finding(manifest, "kind", "must not be in the overlay of a network");
      if (!network && !isArgoCds) yield finding(manifest, "kind", "must be in the overlay of a network");
    }
  },
} satisfies Rule;
