import { currentSummary, inputsPrint, writeStamp } from "generators/stamp.ts";
import { removeStages } from "generators/tree.ts";
import { args, run } from "./lib/cli.ts";

const usage = `Usage: pnpm gen [network…] [--check]

Renders generators/networks into base/ and overlays/, for all networks or the named ones.
Writes only files whose content changes and removes stale ones; overlays/*/keystores/ is never touched.

  --check   write nothing; exit 1 and list the files that differ
  --help    this text
`;

await run(usage, async () => {
  const { values, positionals } = args({ check: { type: "boolean", default: false } });
  // With a listener a Ctrl-C waits until the files are in place.
  process.on("SIGINT", () => process.exit(130)).on("SIGTERM", () => process.exit(143));
  const root = `${import.meta.dirname}/..`;
  const isWhole = positionals.length === 0 && !values.check;
  const current = isWhole ? currentSummary(root) : undefined;
  if (current) {
    removeStages(root);
    console.log(written(current.names, current.files, 0, 0));
    return 0;
  }
  const before = inputsPrint(root);
  // Loaded only here: an unchanged tree is told without a renderer.
  const { generate } = await import("generators/generate.ts");
  const { networks, files, diff } = await generate(root, { only: positionals, write: !values.check });
  const names = positionals.length > 0 ? positionals : networks.map(({ name }) => name);
  const differing = Object.values(diff).flat().length;
  if (values.check) {
    list("missing", diff.missing);
    list("changed", diff.changed);
    list("extra", diff.extra);
    console.log(
      `gen --check: ${names.join(", ")}: ${files} files, ${differing === 0 ? "all as generated" : `${differing} differ: run \`pnpm gen\` and commit`}`,
    );
    return differing === 0 ? 0 : 1;
  }
  list("wrote", [...diff.missing, ...diff.changed]);
  list("removed", diff.extra);
  if (isWhole) writeStamp(root, before, { names, files });
  console.log(written(names, files, diff.missing.length + diff.changed.length, diff.extra.length));
  return 0;
});

function written(names: readonly string[], files: number, count: number, removed: number): string {
  return `gen: ${names.join(", ")}: ${files} files, ${count} written, ${removed} removed`;
}

/** A few lines a person reads, not hundreds. */
function list(what: string, paths: string[]): void {
  const shown = 20;
  for (const path of paths.slice(0, shown)) console.log(`${what.padEnd(8)} ${path}`);
  if (paths.length > shown) console.log(`${what.padEnd(8)} … and ${paths.length - shown} more`);
}
