import type { Finding } from "../lib/finding.ts";

/** What every finding of one kind has in common. */
export interface Kind {
  id: string;
  why: string;
  fix: string;
}

/** Something that is wrong, as every output tells it. */
export interface Problem extends Finding, Kind {
  /** Empty where it concerns no overlay, or a file that names it. */
  overlay: string;
  /** The same at every run, whatever else changes: for tools that compare two runs. */
  fingerprint: string;
  /** Why the network allows it; then it fails nothing. */
  excuse?: string;
}

/** Findings as problems. Repeated ones, such as two peers missing from one field, are numbered. */
export function problemsOf(kind: Kind, overlay: string, findings: Iterable<Finding>): Problem[] {
  const seen = new Map<string, number>();
  return [...findings].map((each) => {
    const place = [kind.id, overlay, stableName(each.object), each.field].filter(Boolean).join("/");
    const count = (seen.get(place) ?? 0) + 1;
    seen.set(place, count);
    const { id, why, fix } = kind;
    return { ...each, id, why, fix, overlay, fingerprint: count > 1 ? `${place}#${count}` : place };
  });
}

/** An object's name without the hash that Kustomize appends to a ConfigMap's. */
export const stableName = (object: string) => object.replace(/^(ConfigMap\/.+)-[a-z0-9]{10}$/, "$1");

/** How bad it is, an exception counted. */
export const levelOf = ({ severity, excuse }: Problem) => (excuse === undefined ? severity : "excused");

/** Whether it makes the command fail. */
export const isError = (problem: Problem) => levelOf(problem) === "error";
