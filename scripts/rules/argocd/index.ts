import type { Topic } from "../rule.ts";
import noDisallowedKinds from "./no-disallowed-kinds.ts";
import noPermissiveProject from "./no-permissive-project.ts";
import noRecreatedObjects from "./no-recreated-objects.ts";
import requireKeptObjects from "./require-kept-objects.ts";
import validApplicationPath from "./valid-application-path.ts";
import validApplicationProject from "./valid-application-project.ts";
import validApplicationSync from "./valid-application-sync.ts";

export default {
  title: "Argo CD: what it may deploy, and how it syncs",
  rules: [
    requireKeptObjects,
    noRecreatedObjects,
    validApplicationSync,
    validApplicationPath,
    validApplicationProject,
    noPermissiveProject,
    noDisallowedKinds,
  ],
} satisfies Topic;
