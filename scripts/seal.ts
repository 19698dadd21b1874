import { resolve } from "node:path";
import { generate } from "generators/generate.ts";
import { loadSources } from "generators/load.ts";
import { sidecarName } from "generators/network/names.ts";
import { OperatorError, UsageError } from "generators/operator-error.ts";
import type { Source } from "generators/render.ts";
import { chalk } from "zx/core";
import { callersPath } from "./artifacts/folder.ts";
import type { Finding } from "./artifacts/read.ts";
import { run } from "./lib/cli.ts";
import type { Finding as Violation } from "./lib/finding.ts";
import { describe, expiry } from "./seal/certificate.ts";
import { checkCheckout, checkKeystores } from "./seal/check.ts";
import { certificateFor, type Found, refuseOther } from "./seal/current-certificate.ts";
import { kubesealVersion } from "./seal/kubeseal.ts";
import { readKeystores, readLock, secretFile } from "./seal/lock.ts";
import { choose, sealArgs } from "./seal/options.ts";
import { gatherKeystores, gatherSidecar } from "./seal/plain.ts";
import { recover } from "./seal/recover.ts";
import { changedFiles, type Outcome, sealOne, staleSecrets } from "./seal/sealing.ts";

const usage = `Usage: pnpm seal <network> [validator…] [--from .public-testnet] [--cert FILE | --controller NS/NAME]
       pnpm seal <network> --rotate [--from .public-testnet] [--cert FILE | --controller NS/NAME]
       pnpm seal <network> --recover KEY.pem… [--cert FILE | --controller NS/NAME]
       pnpm seal [network…] --check

Seals the keystores of a chain's testnet artifacts, and the sidecar's configuration, into
overlays/<network>/keystores/: SealedSecrets that are safe to commit. Then renders, as \`pnpm gen\` does.
Each keystore is proven to be the validator that the network describes; with one finding, nothing is written.
What is sealed already for the same certificate stays as it is.

  --from DIR                   the folder of the artifacts (default: .public-testnet)
  --cert FILE                  the controller's certificate (default: the one committed with the network's keystores)
  --controller NS/NAME         fetch it from the controller that runs in kubectl's current context
  --context NAME               that context, said for a network that does not name its cluster; asked for otherwise
  --ethereum-node-address FILE seal the Ethereum node's ws or wss URL from a file, or - for standard input; asked for on
                               the terminal while it is not sealed. "${sidecarName}" in place of a validator seals it alone
  --with-recovery-material     seal mnemonics and keyring passwords too, which no node needs
  --rotate                     seal everything, for a certificate that is not the network's current one
  --recover KEY                open the sealed files with the controller's private keys and seal them again, without
                               the artifacts; PEM files, or a backup of the controller's Secrets
  --check                      check what is committed; needs no secret and no cluster
  --help                       this text
`;

const root = resolve(import.meta.dirname, "..");

await run(usage, async () => {
  const { values, positionals } = sealArgs();
  // With a listener a Ctrl-C waits until the files are in place.
  process.on("SIGINT", () => process.exit(130)).on("SIGTERM", () => process.exit(143));
  const sources = await loadSources(root);
  if (values.check) return check(positionals.length > 0 ? positionals.map((name) => named(sources, name)) : sources);

  const [name = "", ...rest] = positionals;
  const source = named(sources, name);
  const { network } = source;
  const files = readKeystores(root, name);
  const locks = new Map(sources.map(({ network: { name } }) => [name, readLock(name, readKeystores(root, name))]));
  const lock = readLock(name, files);
  const keys = values.recover && [...values.recover, ...rest].map(callersPath);
  const choice = choose(network, keys ? [] : rest);

  const gathered = keys
    ? await recover(network, files, lock, keys)
    : await gatherKeystores(source, choice, locks, values);
  for (const warning of gathered.warnings) warn(warning);
  refuseWith(gathered.findings);
  if (keys) console.log(`opened    all ${gathered.plains.length}, each with the content that was sealed`);

  const found = await certificateFor(network, files, values);
  const { certificate } = found;
  refuseExpired(found);
  console.log(`${await kubesealVersion()}, certificate ${describe(certificate)}`);
  if (!keys && !values.rotate) refuseOther(network, certificate, files, lock);
  for (const [secret, entry] of Object.entries(lock.secrets)) {
    if (entry.certificate !== certificate.fingerprint) console.log(`${secret} is on another one, ${entry.certificate}`);
  }

  const plains = [...gathered.plains, ...(keys ? [] : await gatherSidecar(network, choice, lock, certificate, values))];
  const outcomes: Outcome[] = [];
  for (const plain of plains) {
    const present = files.get(secretFile(name, plain.name));
    const outcome = await sealOne(network, plain, certificate, lock.secrets[plain.name], present);
    const { size } = plain.content;
    console.log(`${outcome.isNew ? "sealed   " : "unchanged"} ${plain.name}, ${size} ${size === 1 ? "key" : "keys"}`);
    outcomes.push(outcome);
  }

  const stale = choice.isAll && !keys ? staleSecrets(network, lock) : [];
  for (const secret of stale) console.log(`removed   ${secret}: ${name} has no such Secret any more`);
  const { inputs, removed } = changedFiles(network, certificate, lock, outcomes, stale);
  const after = new Map([...files, ...inputs].filter(([file]) => !removed.includes(file)));
  for (const left of checkKeystores(network, after)) if (left.severity === "error") warn(format(left));
  const { diff } = await generate(root, { inputs, removed });
  console.log(
    `seal: ${name}: ${diff.missing.length + diff.changed.length} files written, ${diff.extra.length} removed`,
  );
  return 0;
});

function named(sources: readonly Source[], name: string): Source {
  const source = sources.find(({ network }) => network.name === name);
  if (source) return source;
  const names = sources.map(({ network }) => network.name);
  throw new UsageError(`no network ${name}; generators/networks declares ${names.join(", ")}`);
}

function check(sources: readonly Source[]): number {
  const networks = sources.map(({ network }) => network);
  const { checked, plain } = checkCheckout(root, networks);
  for (const { network, sealed } of checked) console.log(`${network}: ${sealed === 0 ? "nothing" : sealed} sealed`);
  const findings = [...checked.flatMap((each) => each.findings), ...plain];
  for (const finding of findings) {
    const paint = finding.severity === "error" ? chalk.red : chalk.yellow;
    console.log(`${paint(finding.severity)} ${format(finding)}`);
  }
  return findings.some(({ severity }) => severity === "error") ? 1 : 0;
}

function refuseExpired({ from, certificate }: Found): void {
  const { isOver, message } = expiry(certificate) ?? {};
  if (isOver) throw new OperatorError(`certificate ${from} ${message}`);
  if (message) warn(`certificate ${from} ${message}`);
}

function refuseWith(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const lines = findings.map(({ file, message }) => `  ${file ? `${file}: ` : ""}${message}`);
  throw new OperatorError(`nothing is sealed\n${[...new Set(lines)].join("\n")}`);
}

function format({ object, field, message }: Violation): string {
  return `${[object, field].filter(Boolean).join(" ")}: ${message}`;
}

function warn(message: string): void {
  console.warn(`${chalk.yellow("warning")} ${message}`);
}
