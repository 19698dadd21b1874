import type { Application, AppProject } from "../../objects/argocd.ts";
import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "valid-application-project",
  why: "Argo CD refuses an Application that its AppProject does not allow, and one of another project may do what that one allows.",
  fix: "Restore the Application's project, source and destination in generators/components/argocd.ts.",
  brokenBy: "generator",
  *check(manifests) {
    const projects = ofKind<AppProject>(manifests, "AppProject");
    for (const application of ofKind<Application>(manifests, "Application")) {
      const { project: name, source, destination } = application.spec;
      const project = projects.find(({ metadata }) => metadata.name === name);
      if (!project) {
        yield finding(application, "spec.project", `there is no AppProject ${name}`);
        continue;
      }
      const { sourceRepos = [], destinations = [] } = project.spec;
      if (!sourceRepos.includes(source?.repoURL ?? "")) {
        yield finding(application, "spec.source.repoURL", `must be allowed by ${name}, is ${source?.repoURL}`);
      }
      const isAllowed = destinations.some(
        ({ server, namespace }) => server === destination?.server && namespace === destination?.namespace,
      );
      if (!isAllowed) {
        const present = `${destination?.server} ${destination?.namespace}`;
        yield finding(application, "spec.destination", `must be allowed by ${name}, is ${present}`);
      }
    }
  },
} satisfies Rule;
