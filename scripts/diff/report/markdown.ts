import type { Comparison, OverlayDiff } from "../compare.ts";
import { alikeObjects, headline, sentence } from "./wording.ts";

// GitHub takes comments of 65536 characters.
const most = 60_000;

/** For a pull request: the consequences, and the fields folded away below them. */
export function markdown({ commit, overlays }: Comparison): string {
  const [changed, same] = [overlays.filter(hasChanges), overlays.filter((each) => !hasChanges(each))];
  const parts = [
    "## What this push does",
    ...changed.map(consequencesOf),
    ...(same.length > 0 ? [`Nothing changes in ${same.map(({ overlay }) => overlay).join(", ")}.`] : []),
    commit ? `Compared with ${commit}.` : "There is no earlier commit: everything is new.",
  ];
  const details = changed.filter(({ state }) => state === "kept").map(detailsOf);
  const whole = [...parts, ...details].join("\n\n");
  if (whole.length <= most) return whole;
  return [...parts, "The fields are too many to show here; `pnpm diff` shows them."].join("\n\n").slice(0, most);
}

const hasChanges = ({ objects, consequences }: OverlayDiff) => objects.length + consequences.length > 0;

function consequencesOf(diff: OverlayDiff): string {
  const byRisk = Map.groupBy(diff.consequences, ({ risk }) => risk);
  const lists = [...byRisk].map(([risk, group]) =>
    [`**${risk}**`, "", ...group.map((each) => `- ${escaped(sentence(each))}`)].join("\n"),
  );
  return [`### ${headline(diff)}`, ...lists].join("\n\n");
}

function detailsOf({ overlay, objects }: OverlayDiff): string {
  const lines = alikeObjects(objects).flatMap((each) => [each.heading, ...each.lines.map((line) => `  ${line}`), ""]);
  const fence = "`".repeat(Math.max(3, ...lines.map((line) => (/`+/.exec(line)?.[0].length ?? 0) + 1)));
  return `<details><summary>The fields of ${overlay}</summary>\n\n${fence}\n${lines.join("\n").trimEnd()}\n${fence}\n\n</details>`;
}

// What a contributor wrote must not become a link, a mention or HTML of the comment.
const escaped = (line: string) =>
  line.replace(/[<>*_[\]|@]/g, (sign) => (sign === "@" ? "@\u200b" : sign === "<" ? "&lt;" : `\\${sign}`));
