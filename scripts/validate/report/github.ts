import { levelOf, type ReportedFinding } from "../reported-finding.ts";
import { locationOf } from "./location.ts";
import type { Report } from "./report.ts";
import { sentence, verdict } from "./wording.ts";

/** Workflow commands, which GitHub shows as annotations beside the lines of a pull request. */
export const github: Report = (outcomes, root) => {
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  return [...findings.map((finding) => annotation(finding, root)), verdict(findings)].join("\n");
};

const commands = { error: "error", warning: "warning", excused: "notice" };

function annotation(finding: ReportedFinding, root: string): string {
  const { file, line } = locationOf(root, finding) ?? {};
  const properties = Object.entries({ file, line, title: finding.id })
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => `${key}=${escapeProperty(String(value))}`);
  return `::${commands[levelOf(finding)]} ${properties.join(",")}::${escapeData(sentence(finding))}`;
}

// https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions, as its toolkit escapes them.
const escapeData = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const escapeProperty = (text: string) => escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
