import { sleep } from "generators/components/validator/maintenance.ts";
import type { Shape } from "../shape.ts";

// What a node has and a shell that waits has not: a port would lead a Service there, and a probe find nobody.
const ofNodes = ["args", "lifecycle", "ports", "startupProbe", "livenessProbe", "readinessProbe"];

/** The container of a validator in maintenance, from that of its node. */
export const asleep = (node: { readonly [key: string]: Shape | undefined }): Shape => ({
  ...Object.fromEntries(Object.entries(node).filter(([field]) => !ofNodes.includes(field))),
  command: ["/bin/sh", "-c", sleep],
});
