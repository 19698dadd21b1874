import * as v from "valibot";
import { text } from "./strict-schema.ts";

// The forms that values have in more than one part of a network.

export const whole = (expected: string) => v.pipe(v.number(expected), v.safeInteger(expected));
export const count = v.pipe(whole("must be a whole number"), v.minValue(1, "must be 1 or more"));
export const quantity = text(
  /^[1-9]\d*(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/,
  'a Kubernetes quantity such as "2", "250m" or "16Gi"',
);
export const bytes = text(/^[1-9]\d*(Ki|Mi|Gi|Ti)$/, 'a quantity in binary units such as "100Gi"');
export const cloudName = text(
  /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "the name of a Google Cloud resource: a-z, 0-9 and '-', at most 63 characters",
);
