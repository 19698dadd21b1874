/** Something that is wrong: in which object and field, and what is wrong there. */
export interface Finding {
  severity: "error" | "warning";
  /** A Kubernetes object as "Kind/name", or a file's path; empty where it is about neither. */
  object: string;
  /** Where in it; empty for the whole. */
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
