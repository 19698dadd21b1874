import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

interface Application {
  spec: { source?: { path?: string } };
}

export default {
  id: "valid-application-path",
  why: "An Application that reads another overlay prunes the network that it deployed before.",
  fix: "Leave the Application as `pnpm gen` writes it; its name ends with its network's.",
  *check(manifests) {
    for (const application of ofKind<Application>(manifests, "Application")) {
      const path = application.spec.source?.path ?? "";
      const [, overlay] = /^overlays\/([^/]+)$/.exec(path) ?? [];
      if (overlay && application.metadata.name.endsWith(`-${overlay}`)) continue;
      yield finding(application, "spec.source.path", `${path} is not that of ${application.metadata.name}`);
    }
  },
} satisfies Rule;
