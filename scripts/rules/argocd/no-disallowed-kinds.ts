import { appProject } from "generators/components/argocd.ts";
import { finding, type Rule } from "../rule.ts";

// Of what overlays hold. They are in no namespace.
const clusterScoped = ["Namespace", "PriorityClass", "VolumeSnapshotClass"];

/** Whether the project allows an object of that name; it does of any where it names none. */
const isNamed = (allowed: object, name: string) => !("name" in allowed) || allowed.name === name;

export default {
  id: "no-disallowed-kinds",
  why: "Argo CD refuses the whole sync for one object that the AppProject does not allow, and what an overlay lists can be pruned: a volume's claim too.",
  fix: "Remove the object, or allow its kind in generators/components/argocd.ts if it belongs in an overlay.",
  brokenBy: "generator",
  *check(manifests, network) {
    if (!network) return;
    // What Argo CD would allow counts for a network that it does not deploy, too.
    const argocd = network.argocd ?? { namespace: "", repoURL: "", revision: "" };
    const { clusterResourceWhitelist, namespaceResourceWhitelist } = appProject({ ...network, argocd }).spec;
    const allowed = [...clusterResourceWhitelist, ...namespaceResourceWhitelist];
    for (const manifest of manifests) {
      const { apiVersion, kind, metadata } = manifest;
      const group = apiVersion.includes("/") ? apiVersion.split("/")[0] : "";
      if (!allowed.some((each) => each.kind === kind && each.group === group && isNamed(each, metadata.name))) {
        const name = [kind, group].filter(Boolean).join(".");
        const isNamedClass = allowed.some((each) => each.kind === kind && "name" in each);
        yield finding(manifest, "kind", `the AppProject does not allow ${name}${isNamedClass ? " of that name" : ""}`);
      }
      if (!clusterScoped.includes(kind) && metadata.namespace !== network.namespace) {
        yield finding(manifest, "metadata.namespace", `must be ${network.namespace}, is ${metadata.namespace}`);
      }
    }
  },
} satisfies Rule;
