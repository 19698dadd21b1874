import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

interface Allowed {
  group?: string;
  kind: string;
}

interface AppProject {
  spec: {
    sourceRepos?: string[];
    destinations?: { server?: string; namespace?: string }[];
    clusterResourceWhitelist?: Allowed[];
    namespaceResourceWhitelist?: Allowed[];
  };
}

interface Application {
  spec: { project: string; source?: { repoURL?: string }; destination?: { server?: string; namespace?: string } };
}

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
  id: "no-wide-project",
  why: "Whatever a project allows, a single bad commit may do to the cluster.",
  fix: "Allow one repository, one namespace, and the kinds that an overlay holds.",
  *check(manifests) {
    for (const project of ofKind<AppProject>(manifests, "AppProject")) {
      const { sourceRepos, destinations, clusterResourceWhitelist, namespaceResourceWhitelist } = project.spec;
      const wide = (list: readonly (string | undefined)[] = []) =>
        list.length === 0 || list.some((each) => !each || each.includes("*"));
      if (wide(sourceRepos)) yield finding(project, "spec.sourceRepos", `must name repositories, is ${sourceRepos}`);
      if (wide(destinations?.flatMap(({ server, namespace }) => [server, namespace])))
        yield finding(project, "spec.destinations", "must name server and namespace");
      for (const { kind } of clusterResourceWhitelist ?? []) {
        if (kind !== "Namespace") yield finding(project, "spec.clusterResourceWhitelist", `must not allow ${kind}`);
      }
      for (const { kind } of namespaceResourceWhitelist ?? [{ kind: "*" }]) {
        if (forbidden.includes(kind))
          yield finding(project, "spec.namespaceResourceWhitelist", `must not allow ${kind}`);
      }
    }
    const projects = ofKind<AppProject>(manifests, "AppProject");
    for (const application of ofKind<Application>(manifests, "Application")) {
      const { project: name, source, destination } = application.spec;
      const project = projects.find(({ metadata }) => metadata.name === name);
      const { sourceRepos = [], destinations = [] } = project?.spec ?? {};
      if (!project) yield finding(application, "spec.project", `no AppProject ${name}`);
      else if (!sourceRepos.includes(source?.repoURL ?? ""))
        yield finding(application, "spec.source.repoURL", `is none that ${name} allows: ${source?.repoURL}`);
      else if (
        !destinations.some(
          ({ server, namespace }) => server === destination?.server && namespace === destination?.namespace,
        )
      )
        yield finding(application, "spec.destination", `is none that ${name} allows: ${JSON.stringify(destination)}`);
    }
  },
} satisfies Rule;
