import { chalk } from "zx/core";
import type { Comparison, OverlayDiff } from "../compare.ts";
import type { Risk } from "../risk.ts";
import { alikeObjects, headline, sentence } from "./wording.ts";

/** For people: each overlay's consequences, the worst first, and below them the fields. */
export const text = ({ commit, overlays }: Comparison): string =>
  [
    commit ? `Compared with commit ${commit}:` : "There is no earlier commit: everything is new.",
    ...overlays.map(overlayText),
  ].join("\n\n");

function overlayText(diff: OverlayDiff): string {
  if (diff.objects.length === 0 && diff.consequences.length === 0) return `${chalk.bold(headline(diff))}\n  nothing`;
  const byRisk = [...Map.groupBy(diff.consequences, ({ risk }) => risk)];
  return [
    chalk.bold(headline(diff)),
    ...byRisk.flatMap(([risk, group]) => [`  ${paint(risk)}`, ...group.map((each) => `    ${sentence(each)}`)]),
    // What is new as a whole has no old value to compare with.
    ...(diff.state === "kept" ? alikeObjects(diff.objects) : []).flatMap(({ heading, lines }) => [
      "",
      `  ${chalk.bold(heading)}`,
      ...lines.map((line) => `    ${line}`),
    ]),
  ].join("\n");
}

const paint = (risk: Risk) => {
  if (/halt|signs|loses a volume/.test(risk)) return chalk.red(risk);
  return /public|restarts validators/.test(risk) ? chalk.yellow(risk) : risk;
};
