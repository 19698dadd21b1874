/** Something that is wrong with a field of an object or a file. */
export interface Finding {
  severity: "error" | "warning";
  /** A Kubernetes object as "Kind/name", or a file's path; empty where the finding is about neither. */
  object: string;
  /** The field in it; empty where the finding is about the whole. */
  field: string;
  message: string;
}

/** An error, as a finding. */
export const errorAt = (object: string, field: string, message: string): Finding => ({
  severity: "error",
  object,
  field,
  message,
});

/** A finding on one line: object, field and message. */
export const formatFinding = ({ object, field, message }: Finding): string =>
  [[object, field].filter(Boolean).join(" "), message].filter(Boolean).join(": ");

/** An object's name without the hash that Kustomize appends to a ConfigMap's. */
export const stableName = (object: string) => object.replace(/^(ConfigMap\/.+)-[a-z0-9]{10}$/, "$1");
