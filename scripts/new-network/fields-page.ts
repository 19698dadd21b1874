import { fieldTexts } from "generators/network/field-texts.ts";
import type { Field } from "generators/network/fields.ts";

/** docs/network-fields.md: every field that a network may say. A test compares the page with the schema. */
export const fieldsPage = (fields: readonly Field[]): string =>
  [
    "# Fields of a network",
    "",
    "What may stand in `generators/networks/<name>.ts`? Every field of the schema, with what its value must be. Those in bold",
    "must be there. `a[].b` is the field `b` of every item of the list `a`. `pnpm new-network` writes a description that",
    "has the usual ones; [networks](networks.md) says how a network is made.",
    "",
    "This page follows from `generators/network/schema.ts` and `generators/network/field-texts.ts`, and a test compares them.",
    "",
    "| field | what it is | its value | where it is left out |",
    "| ----- | ---------- | --------- | -------------------- |",
    ...fields.map(row),
    "",
  ].join("\n");

function row({ path, isRequired, fallback, form }: Field): string {
  const isNested = typeof fallback === "object" && fallback !== null && Object.keys(fallback).length === 0;
  const shown = fallback === undefined || isNested ? "" : `\`${JSON.stringify(fallback)}\``;
  const cells = [isRequired ? `**\`${path}\`**` : `\`${path}\``, fieldTexts[path] ?? "", form, shown];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|").replaceAll("<", "&lt;")).join(" | ")} |`;
}
