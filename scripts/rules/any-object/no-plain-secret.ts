import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-plain-secret",
  why: "A Secret in git is known to everybody who ever reads the repository.",
  fix: "Seal it with `pnpm seal` and delete the plain Secret; keys that git has seen must be replaced.",
  brokenBy: "network",
  *check(manifests) {
    for (const secret of ofKind(manifests, "Secret")) {
      yield finding(secret, "kind", "must be SealedSecret: `pnpm seal` makes one");
    }
  },
} satisfies Rule;
