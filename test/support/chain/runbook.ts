import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const folder = resolve(import.meta.dirname, "../../../docs/runbooks");

/**
 * The commands of a runbook by the heading above them; "" is for those before the first heading. Commands are the blocks
 * that name no language.
 *
 * @throws {Error} when the runbook has no such heading.
 */
export function commandsOf(name: string): (heading: string) => string {
  const [intro = "", ...sections] = readFileSync(join(folder, `${name}.md`), "utf8").split(/^## /m);
  const texts = new Map([["", intro], ...sections.map((text) => [text.split("\n")[0] ?? "", text] as const)]);
  return (heading) => {
    const text = texts.get(heading);
    if (text === undefined) throw new Error(`docs/runbooks/${name}.md has no heading "${heading}"`);
    return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)]
      .flatMap(([, language, block]) => (language ? [] : block))
      .join("");
  };
}
