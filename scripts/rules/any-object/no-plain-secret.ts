import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

export default {
  id: "no-plain-secret",
  why: "A Secret in git is public to everybody who ever reads the repository.",
  fix: "Seal it with `pnpm seal` and delete the plain one; what git has seen needs new keys.",
  *check(manifests) {
    for (const secret of ofKind(manifests, "Secret")) {
      yield finding(secret, "kind", "must be a SealedSecret: seal it with `pnpm seal`");
    }
  },
} satisfies Rule;
