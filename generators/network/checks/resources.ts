import type { Problem } from "../problem.ts";
import type { Network } from "../schema.ts";
import type { Check } from "./check.ts";

function* adoptedVolumes({ lifecycle, storage, perValidator }: Network): Iterable<Problem> {
  if (lifecycle !== "adopted") return;
  const places: [PropertyKey[], string | undefined][] = [
    [["storage"], storage.accessMode],
    ...perValidator.map((own, i): [PropertyKey[], string | undefined] => [
      ["perValidator", i, "storage"],
      own.storage.accessMode,
    ]),
  ];
  for (const [path, accessMode = "ReadWriteOnce"] of places) {
    if (accessMode === "ReadWriteOnce") continue;
    const message =
      'must be "ReadWriteOnce" on an adopted network: volume claim templates are immutable; docs/runbooks/grow-a-volume.md says how volumes change';
    yield { path: [...path, "accessMode"], value: accessMode, message };
  }
}

export const resourceChecks: Check[] = [adoptedVolumes];
