import type { Application } from "../../objects/argocd.ts";
import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "valid-application-path",
  why: "An Application that reads another overlay prunes the network that it deployed before.",
  fix: "Restore the Application's path in generators/components/argocd.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const application of ofKind<Application>(manifests, "Application")) {
      const { name } = application.metadata;
      const path = application.spec.source?.path;
      const [, overlay] = /^overlays\/([^/]+)$/.exec(path ?? "") ?? [];
      if (overlay && name.endsWith(`-${overlay}`)) continue;
      yield finding(application, "spec.source.path", `must be the overlay that ${name} is named after, is ${path}`);
    }
  },
} satisfies Rule;
