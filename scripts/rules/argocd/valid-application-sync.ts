import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

interface Application {
  spec: {
    project: string;
    ignoreDifferences?: unknown[];
    syncPolicy?: { automated?: Record<string, unknown>; syncOptions?: string[] };
  };
}

const automated = { enabled: true, prune: true, selfHeal: true, allowEmpty: false };
const needed = ["ServerSideApply=true", "PruneLast=true", "FailOnSharedResource=true"];
const forbidden = ["Replace=true", "Force=true"];

export default {
  id: "valid-application-sync",
  why: "An Application that replaces, empties or cascades takes validators down, and their keys with them.",
  fix: "Leave the Application as `pnpm gen` writes it.",
  *check(manifests) {
    for (const application of ofKind<Application & { metadata: { finalizers?: string[] } }>(manifests, "Application")) {
      const { metadata, spec } = application;
      for (const finalizer of metadata.finalizers ?? []) {
        yield finding(application, "metadata.finalizers", `${finalizer} deletes the network with the Application`);
      }
      for (const [key, wanted] of Object.entries(automated)) {
        const is = spec.syncPolicy?.automated?.[key];
        if (is !== wanted)
          yield finding(application, `spec.syncPolicy.automated.${key}`, `must be ${wanted}, is ${is}`);
      }
      if (application.spec.ignoreDifferences?.length) {
        yield finding(application, "spec.ignoreDifferences", "must not be set: what it names would never be healed");
      }
      const options = spec.syncPolicy?.syncOptions ?? [];
      for (const option of needed.filter((each) => !options.includes(each))) {
        yield finding(application, "spec.syncPolicy.syncOptions", `must hold ${option}`);
      }
      for (const option of options.filter((each) => forbidden.includes(each))) {
        yield finding(application, "spec.syncPolicy.syncOptions", `must not hold ${option}`);
      }
    }
  },
} satisfies Rule;
