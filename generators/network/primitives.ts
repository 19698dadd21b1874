import * as v from "valibot";
import { text } from "./strict-schema.ts";

// RFC 1123, as the API server checks names.
export const dnsLabel = text(
  /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "a DNS label: a-z, 0-9 and '-', at most 63 characters",
);

export const whole = (expected: string) => v.pipe(v.number(expected), v.safeInteger(expected));

/** A validator's index. */
export const index = v.pipe(whole("must be a validator's index"), v.minValue(0, "must be 0 or more"));

export const bytes = text(/^[1-9]\d*(Ki|Mi|Gi|Ti)$/, 'a quantity in binary units such as "100Gi"');
