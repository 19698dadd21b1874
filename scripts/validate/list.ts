import { topics } from "../rules/index.ts";
import type { Requirement, Rule } from "../rules/rule.ts";
import { requirements } from "./requirements.ts";

/** What `pnpm validate --list` prints: everything that is required, the rules by topic. */
export const requirementList = (): string =>
  [
    legend,
    ...topics.map(({ title, rules }) => [title, ...rules.map(ruleText)].join("\n\n")),
    ["Besides the rules", ...Object.values(requirements).map((each) => entry(each.id, each))].join("\n\n"),
  ].join("\n\n");

const legend = `network: a value in generators/networks, or a sealed file, can break the rule.
generator: only a change of the code, or of a generated file, can break it.`;

const ruleText = (rule: Rule) => entry(`${rule.id} (${rule.brokenBy})`, rule);

const entry = (name: string, { why, fix }: Requirement) => [`  ${name}`, `    ${why}`, `    ${fix}`].join("\n");
