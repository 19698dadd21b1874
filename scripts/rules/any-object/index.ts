import type { Topic } from "../rule.ts";
import noOversizedObjects from "./no-oversized-objects.ts";
import noPlainSecret from "./no-plain-secret.ts";
import validNamesAndLabels from "./valid-names-and-labels.ts";

export default {
  title: "Any object: what the API server accepts, and git may hold",
  rules: [noOversizedObjects, validNamesAndLabels, noPlainSecret],
} satisfies Topic;
