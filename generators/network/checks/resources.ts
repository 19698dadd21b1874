import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";

function* adoptedVolumes({ lifecycle, storage: { accessMode } }: Network): Iterable<Problem> {
  if (lifecycle !== "adopted" || accessMode === "ReadWriteOnce") return;
  const message = 'must be "ReadWriteOnce" on an adopted network: volume claim templates are immutable';
  yield { path: ["storage", "accessMode"], value: accessMode, message };
}

export const resourceChecks: Check[] = [adoptedVolumes];
