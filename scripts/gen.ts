import { resolve } from "node:path";
import { generate } from "generators/generate.ts";
import { args, run } from "./lib/cli.ts";
import { beginWriting } from "./lib/writing.ts";

const usage = `Usage: pnpm gen [network…] [--check]

Renders generators/networks into base/ and overlays/, for all networks or the named ones.
Writes only files whose content changes and removes stale ones; overlays/*/keystores/ is never touched.

  --check   write nothing; list the files that differ, and exit with 1 if there are any
  --help    show this text
`;

await run(usage, async () => {
  const { values, positionals } = args({ check: { type: "boolean", default: false } });
  const root = resolve(import.meta.dirname, "..");
  if (!values.check) beginWriting(root);
  const { networks, files, diff } = await generate(root, { only: positionals, write: !values.check });
  const names = positionals.length > 0 ? positionals : networks.map(({ name }) => name);
  const { missing, changed, extra } = diff;
  const summary = `${names.join(", ")}: ${files} files`;
  if (values.check) {
    list("missing", missing);
    list("changed", changed);
    list("extra", extra);
    const differing = missing.length + changed.length + extra.length;
    const verdict = differing === 0 ? "all as generated" : `${differing} differ: run \`pnpm gen\` and commit`;
    console.log(`gen --check: ${summary}, ${verdict}`);
    return differing === 0 ? 0 : 1;
  }
  list("wrote", [...missing, ...changed]);
  list("removed", extra);
  console.log(`gen: ${summary}, ${missing.length + changed.length} written, ${extra.length} removed`);
  return 0;
});

/** Prints as many paths as a person reads, and how many more there are. */
function list(what: string, paths: readonly string[]): void {
  const shown = 20;
  for (const path of paths.slice(0, shown)) console.log(`${what.padEnd(8)} ${path}`);
  if (paths.length > shown) console.log(`${what.padEnd(8)} … and ${paths.length - shown} more`);
}
