import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";

/** overlays/argocd is Argo CD's own. */
function* reservedName({ name }: Network): Iterable<Problem> {
  if (name === "argocd") {
    yield { path: ["name"], value: name, message: "is reserved: overlays/argocd holds the Applications" };
  }
}

export const nameChecks: Check[] = [reservedName];
