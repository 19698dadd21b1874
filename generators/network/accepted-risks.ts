import * as v from "valibot";
import { reason, strict, text } from "./strict-schema.ts";

/** The risks that a push may carry only where its network accepts them. */
export const acceptedRisks = ["halts the chain", "may halt the chain"] as const;

const expectedDay = 'must be the last day on which it counts, such as "2026-12-31"';

const day = v.pipe(
  text(/^\d{4}-\d\d-\d\d$/, 'the last day on which it counts, such as "2026-12-31"'),
  // JavaScript reads 30 February as 1 or 2 March.
  v.check((value) => new Date(`${value}T00:00:00Z`).toJSON()?.slice(0, 10) === value, expectedDay),
);

/** A risk that somebody has weighed: pushes until the end of a day, in UTC, may carry it. */
export const accepted = strict({
  risk: v.picklist(acceptedRisks, `must be ${acceptedRisks.map((risk) => JSON.stringify(risk)).join(" or ")}`),
  reason: reason("must explain in a sentence why the risk is taken"),
  until: day,
});
