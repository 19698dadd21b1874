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

/** The changes field by field, the same change of several objects once, in which "<name>" is each one's own. */
export function alikeObjects(objects: readonly ChangedObject[]): Alike[] {
  const all = objects.map((object) => {
    const [kind = "", name = ""] = object.id.split("/");
    const lines = linesOf(object);
    return { kind, name, lines, common: lines.map((line) => line.replaceAll(name, "<name>")) };
  });
  return [...Map.groupBy(all, ({ kind, common }) => JSON.stringify([kind, common])).values()].map((group) => ({
    heading: `${group[0]?.kind}/${listed(group.map(({ name }) => name))}`,
    lines: (group.length > 1 ? group[0]?.common : group[0]?.lines) ?? [],
  }));
}

const linesOf = ({ was, is, fields }: ChangedObject): string[] =>
  !was ? ["is new"] : !is ? ["goes"] : fields.flatMap(fieldLines);

function fieldLines({ path, was, is, lines, note }: FieldChange): string[] {
  const at = path ? `${path}: ` : "";
  if (lines) return [path, ...lines.map((line) => `  ${line}`)];
  if (note === "order") return [`${at}${bothShown(was, is)}`];
  if (note) return [`${at}${note}`];
  // A digest says nothing more than that what it is of has changed.
  if ([was, is].every(isDigest)) return [`${at}another digest`];
  if (was === undefined) return [`${at}+ ${shown(is)}`];
  return [is === undefined ? `${at}- ${shown(was)}` : `${at}${bothShown(was, is)}`];
}

const isDigest = (value: unknown) => typeof value === "string" && /^[0-9a-f]{64}$/.test(value);

const most = 160;
// What stands before the first difference of two long values, so that a person finds the place.
const before = 40;

/** A value on one line, cut where it is long. */
const shown = (value: unknown): string => cut(oneLine(value), 0);

/** Two values on one line. Where they are long, both begin shortly before the place in which they differ. */
function bothShown(was: unknown, is: unknown): string {
  const [one, other] = [oneLine(was), oneLine(is)];
  const isLong = Math.max(one.length, other.length) > most;
  const start = isLong ? Math.max(0, differAt(one, other) - before) : 0;
  return `${cut(one, start)} → ${cut(other, start)}`;
}

const oneLine = (value: unknown): string => JSON.stringify(value) ?? "unset";

function differAt(one: string, other: string): number {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  return at;
}

function cut(text: string, start: number): string {
  const rest = start > 0 ? `…${text.slice(start)}` : text;
  return rest.length > most ? `${rest.slice(0, most - 1)}…` : rest;
}
