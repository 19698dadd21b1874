import { resolve } from "node:path";
import { build } from "scripts/objects/overlays.ts";
import type { Any } from "./overlay.ts";

const { manifests } = await build(resolve(import.meta.dirname, "../../.."), "argocd");

/** The argocd overlay, freshly copied, and its two objects to break. */
export function argocd() {
  const copy = structuredClone(manifests);
  const ofKind = (kind: string): Any => copy.find((manifest) => manifest.kind === kind);
  return { manifests: copy, application: ofKind("Application"), project: ofKind("AppProject") };
}
