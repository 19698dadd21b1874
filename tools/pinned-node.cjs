// Every command loads this first. It is plain JavaScript for any Node: where pnpm ran no install scripts, the package `node`
// has no binary, and whatever Node the machine has runs the command instead.
const pinned = require("../package.json").devDependencies.node;
const actual = process.versions.node;

if (actual !== pinned) {
  console.error(
    `error: this command needs Node ${pinned} but runs on Node ${actual}, because the package node was installed without its binary: run \`pnpm rebuild node --no-ignore-scripts\``,
  );
  process.exit(1);
}
