import type { Finding } from "../../lib/finding.ts";
import type { Application } from "../../objects/argocd.ts";
import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

const automated = { enabled: true, prune: true, selfHeal: true, allowEmpty: false };
const needed = ["ServerSideApply=true", "PruneLast=true", "FailOnSharedResource=true"];
const forbidden = ["Replace=true", "Force=true"];

export default {
  id: "valid-application-sync",
  why: "An Application that replaces, empties or cascades takes validators down, and their keys with them.",
  fix: "Restore the Application in generators/components/argocd.ts.",
  brokenBy: "generator",
  *check(manifests) {
    for (const application of ofKind<Application>(manifests, "Application")) {
      const { metadata, spec } = application;
      for (const finalizer of metadata.finalizers ?? []) {
        const message = `must not include ${finalizer}: it deletes the network with the Application`;
        yield finding(application, "metadata.finalizers", message);
      }
      if (spec.ignoreDifferences?.length) {
        yield finding(application, "spec.ignoreDifferences", "must not be set: Argo CD would not restore these fields");
      }
      yield* badSyncPolicy(application);
    }
  },
} satisfies Rule;

function* badSyncPolicy(application: Application): Iterable<Finding> {
  const { automated: present = {}, syncOptions = [] } = application.spec.syncPolicy ?? {};
  for (const [key, wanted] of Object.entries(automated)) {
    if (present[key] === wanted) continue;
    yield finding(application, `spec.syncPolicy.automated.${key}`, `must be ${wanted}, is ${present[key]}`);
  }
  for (const option of needed.filter((each) => !syncOptions.includes(each))) {
    yield finding(application, "spec.syncPolicy.syncOptions", `must include ${option}`);
  }
  for (const option of syncOptions.filter((each) => forbidden.includes(each))) {
    yield finding(application, "spec.syncPolicy.syncOptions", `must not include ${option}`);
  }
}
