import type { Comparison } from "../compare.ts";

/** For programs: the consequences, and the fields that differ. Whole objects are in git. */
export const json = ({ commit, overlays }: Comparison): string =>
  JSON.stringify(
    {
      commit: commit ?? null,
      overlays: overlays.map(({ objects, ...diff }) => ({
        ...diff,
        objects: objects.map(({ id, was, is, fields }) => ({
          id,
          state: !was ? "new" : !is ? "gone" : "changed",
          fields,
        })),
      })),
    },
    null,
    2,
  );
