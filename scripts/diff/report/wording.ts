import type { OverlayDiff } from "../compare.ts";
import type { FieldChange } from "../fields.ts";
import type { ChangedObject } from "../objects.ts";
import { type Consequence, listed } from "../risk.ts";

/** An overlay and, where that matters, who applies it. */
export function headline({ overlay, state, appliedBy }: OverlayDiff): string {
  const how =
    overlay === "argocd"
      ? "`kubectl apply -k overlays/argocd` applies it"
      : appliedBy === "Argo CD"
        ? ""
        : "no Argo CD applies it";
  return [overlay, state === "kept" ? "" : `is ${state}`, how].filter(Boolean).join(", ");
}

/** A consequence's sentence, with what speaks against it or for it. */
export const sentence = ({ message, refusedBy, reason }: Consequence): string =>
  [message, refusedBy ? `\`pnpm validate\` refuses it [${refusedBy}].` : "", reason ? `Reason: ${reason}.` : ""]
    .filter(Boolean)
    .join(" ");

/** The objects of a diff that changed alike, under one heading. */
export interface Alike {
  heading: string;
  lines: readonly string[];
}

/** The changes field by field, the same change of several objects once. */
export function alikeObjects(objects: readonly ChangedObject[]): Alike[] {
  const all = objects.map((object) => ({ id: object.id, lines: linesOf(object) }));
  return [...Map.groupBy(all, ({ id, lines }) => JSON.stringify([id.split("/")[0], lines]))].map(([, group]) => {
    const [first] = group;
    const [kind] = first?.id.split("/") ?? [];
    return {
      heading: `${kind}/${listed(group.map(({ id }) => id.slice((kind?.length ?? 0) + 1)))}`,
      lines: first?.lines ?? [],
    };
  });
}

const linesOf = ({ was, is, fields }: ChangedObject): string[] =>
  !was ? ["is new"] : !is ? ["goes"] : fields.flatMap(fieldLines);

function fieldLines({ path, was, is, lines, note }: FieldChange): string[] {
  const at = path ? `${path}: ` : "";
  if (lines) return [path, ...lines.map((line) => `  ${line}`)];
  if (note === "order") return [`${at}${shown(was)} → ${shown(is)}`];
  if (note) return [`${at}${note}`];
  if (was === undefined) return [`${at}+ ${shown(is)}`];
  return [is === undefined ? `${at}- ${shown(was)}` : `${at}${shown(was)} → ${shown(is)}`];
}

const most = 160;

/** A value on one line, cut where it is long. */
function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "unset";
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
