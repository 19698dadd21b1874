import type { Topic } from "../rule.ts";
import noDisallowedKinds from "./no-disallowed-kinds.ts";
import noRecreatedObjects from "./no-recreated-objects.ts";
import requireKeptObjects from "./require-kept-objects.ts";
import validApplications from "./valid-applications.ts";

export default {
  title: "Argo CD: what it may deploy, and how it syncs",
  rules: [validApplications, requireKeptObjects, noRecreatedObjects, noDisallowedKinds],
} satisfies Topic;
