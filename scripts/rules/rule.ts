import type { Network } from "generators/network.ts";
import type { Manifest } from "../manifests.ts";

/** Something a rule found: in which object and field, what is wrong there. */
export interface Finding {
  severity: "error" | "warning";
  object: string;
  field: string;
  message: string;
}

/** One thing that must hold for the whole built overlay. */
export interface Rule {
  id: string;
  /** What breaks when it does not hold, in one sentence. */
  why: string;
  /** The network is that of the overlay; an overlay such as argocd has none. */
  check(manifests: readonly Manifest[], network?: Network): Iterable<Finding>;
}

/** An error in an object. */
export const finding = ({ kind, metadata }: Manifest, field: string, message: string): Finding => ({
  severity: "error",
  object: `${kind}/${metadata.name}`,
  field,
  message,
});
