import type { Problem } from "../problem.ts";
import { quantityValue } from "../quantity.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";

function* memory({ resources, ethereumSidecar }: Network): Iterable<Problem> {
  for (const [path, { memory, memoryLimit }] of [
    [["resources"], resources],
    [["ethereumSidecar", "resources"], ethereumSidecar.resources],
  ] as const) {
    if (quantityValue(memoryLimit) >= quantityValue(memory)) continue;
    yield { path: [...path, "memoryLimit"], value: memoryLimit, message: `must be at least the request, ${memory}` };
  }
}

function* adoptedVolumes({ lifecycle, storage: { accessMode } }: Network): Iterable<Problem> {
  if (lifecycle !== "adopted" || accessMode === "ReadWriteOnce") return;
  const message = 'must be "ReadWriteOnce" on an adopted network: volume claim templates are immutable';
  yield { path: ["storage", "accessMode"], value: accessMode, message };
}

export const resourceChecks: Check[] = [memory, adoptedVolumes];
