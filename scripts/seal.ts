import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { generate } from "generators/generate.ts";
import { loadSources } from "generators/load.ts";
import { nodeName, sidecarName, sidecarSecret } from "generators/names.ts";
import type { Validator } from "generators/network.ts";
import type { Source } from "generators/render.ts";
import type { SealLock } from "generators/seal-lock.ts";
import type { Tree } from "generators/tree.ts";
import { chalk } from "zx";
import { artifactsFolder, callersPath } from "./artifacts/folder.ts";
import { type Finding, readArtifacts } from "./artifacts/read.ts";
import { args, Failure, run, UsageError } from "./cli.ts";
import { type Certificate, describe, expiry, parseCertificate } from "./seal/certificate.ts";
import { checkKeystores, isSealed } from "./seal/check.ts";
import { fetchCertificate, networkCluster, parseController } from "./seal/controller.ts";
import { ethereumContent, readAddress } from "./seal/ethereum.ts";
import { expectedSecrets, identityOf } from "./seal/expected.ts";
import { proveContent, proveHomes, readKeystore, recoveryKeys, repeatedKeys } from "./seal/keystore.ts";
import { kubesealVersion } from "./seal/kubeseal.ts";
import { certificateFile, readKeystores, readLock, secretFile } from "./seal/lock.ts";
import { plainSecrets } from "./seal/plain-secrets.ts";
import { isCurrent, keystoresTree, type Outcome, type Plain, sealOne } from "./seal/plan.ts";
import { recover } from "./seal/recover.ts";

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
  const { values, positionals } = args({
    from: { type: "string" },
    cert: { type: "string" },
    controller: { type: "string" },
    context: { type: "string" },
    "ethereum-node-address": { type: "string" },
    "with-recovery-material": { type: "boolean", default: false },
    rotate: { type: "boolean", default: false },
    recover: { type: "string", multiple: true },
    check: { type: "boolean", default: false },
  });
  checkUsage(values, positionals);
  // With a listener a Ctrl-C waits until the files are in place.
  process.on("SIGINT", () => process.exit(130)).on("SIGTERM", () => process.exit(143));
  const sources = await loadSources(root);
  if (values.check) return check(sources, positionals);

  const [name = "", ...rest] = positionals;
  const source = sources.find(({ network }) => network.name === name) ?? unknown(name, sources);
  const { network } = source;
  const files = readKeystores(root, name);
  const lock = readLock(name, files);
  const keys = values.recover && [...values.recover, ...rest].map(callersPath);
  const chosen = choose(source, keys ? [] : rest);
  const homes = keys ? undefined : await proven(source, chosen, values.from);
  const certificate = await theCertificate(source, files, values);
  if (!keys && !values.rotate) refuseOther(name, certificate, files, lock);
  console.log(`${await kubesealVersion()}, certificate ${describe(certificate)}`);
  listOthers(lock, certificate);

  const plains = keys
    ? await recovered(source, files, lock, keys)
    : [
        ...(homes ? keystores(source, chosen.validators, homes, values["with-recovery-material"]) : []),
        ...(await sidecar(source, chosen, lock, certificate, values["ethereum-node-address"])),
      ];
  const outcomes: Outcome[] = [];
  for (const plain of plains) {
    const outcome = await sealOne(
      network,
      plain,
      certificate,
      lock.secrets[plain.name],
      files.get(secretFile(name, plain.name)),
    );
    console.log(`${outcome.isNew ? "sealed   " : "unchanged"} ${plain.name}: ${[...plain.content.keys()].join(", ")}`);
    outcomes.push(outcome);
  }
  return await write(source, files, lock, certificate, outcomes, chosen.isAll && !keys);
});

interface Options {
  from?: string | undefined;
  cert?: string | undefined;
  controller?: string | undefined;
  context?: string | undefined;
  "ethereum-node-address"?: string | undefined;
  "with-recovery-material": boolean;
  rotate: boolean;
  recover?: string[] | undefined;
  check: boolean;
}

/** Options that contradict each other. */
function checkUsage(values: Options, [network, ...rest]: readonly string[]): void {
  const given = Object.entries(values).flatMap(([option, value]) => (value ? [option] : []));
  const refuse = (option: string, others: string[]) => {
    const found = given.find((each) => each !== option && !others.includes(each));
    if (found) throw new UsageError(`--${option} does not go with --${found}`);
  };
  if (values.check) refuse("check", []);
  if (values.check) return;
  if (!network) throw new UsageError("name a network");
  if (values.cert !== undefined && values.controller !== undefined) {
    throw new UsageError("--cert and --controller are two ways to the certificate: give one");
  }
  if (values.context !== undefined && values.controller === undefined) {
    throw new UsageError("--context is of use with --controller only");
  }
  if (values.recover) refuse("recover", ["cert", "controller", "context"]);
  if (values.rotate && rest.length > 0) throw new UsageError("--rotate seals everything: name the network alone");
}

function unknown(name: string, sources: readonly Source[]): never {
  const names = sources.map(({ network }) => network.name);
  throw new UsageError(`no network ${name}; generators/networks declares ${names.join(", ")}`);
}

/** What to seal: everything, or what is named. */
interface Choice {
  isAll: boolean;
  validators: readonly Validator[];
  hasSidecar: boolean;
}

function choose({ network }: Source, names: readonly string[]): Choice {
  const nodes = network.validators.map(({ index }) => nodeName(network, index));
  const unknownName = names.find((each) => !nodes.includes(each) && each !== sidecarName);
  if (unknownName !== undefined) {
    throw new UsageError(`no validator ${unknownName} in ${network.name}; there are ${nodes.join(", ")}`);
  }
  if (names.length === 0) return { isAll: true, validators: network.validators, hasSidecar: false };
  return {
    isAll: false,
    validators: network.validators.filter(({ index }) => names.includes(nodeName(network, index))),
    hasSidecar: names.includes(sidecarName),
  };
}

/** The artifacts' folder, once everything in it that is to be sealed is what it claims to be. */
async function proven(source: Source, { isAll, validators }: Choice, from = ".public-testnet") {
  if (validators.length === 0) return undefined;
  const folder = await artifactsFolder(from);
  const artifacts = readArtifacts(folder);
  for (const file of artifacts.exposed) warn(`${file} can be read by everybody on this machine: chmod o-r`);
  const names = (await loadSources(root)).map(({ network }) => network.name);
  const locks = new Map(names.map((name) => [name, readLock(name, readKeystores(root, name))]));
  refuseWith([
    ...proveHomes(source, artifacts, isAll ? undefined : validators),
    ...repeatedKeys(source.network, validators, locks),
  ]);
  return folder;
}

function keystores({ network }: Source, validators: readonly Validator[], folder: string, withRecovery: boolean) {
  if (withRecovery) {
    warn(
      "mnemonics and passwords go to the cluster too: no node needs them, and who reads one has the account for good",
    );
  }
  const plains = validators.map((validator): Plain => {
    const { name, keys } = expectedSecrets(network).find((each) => each.validator === validator) ?? notExpected();
    const all = [...keys, ...(withRecovery ? recoveryKeys(folder, network, validator) : [])];
    return { name, content: readKeystore(folder, network, validator, all), validator: identityOf(validator) };
  });
  // Of the bytes that are sealed, not of those that were read a moment ago.
  refuseWith(validators.flatMap((validator, i) => proveContent(network, validator, plains[i]?.content ?? new Map())));
  return plains;
}

function notExpected(): never {
  throw new Error("every validator has a keystore");
}

/** The sidecar's Secret, where it is asked for or not sealed yet. */
async function sidecar(
  { network }: Source,
  { isAll, hasSidecar }: Choice,
  { secrets }: SealLock,
  certificate: Certificate,
  place: string | undefined,
): Promise<Plain[]> {
  const { name } = sidecarSecret;
  const isWanted = hasSidecar || place !== undefined || (isAll && !isCurrent(secrets[name], network, certificate));
  if (!isWanted) return [];
  return [{ name, content: ethereumContent(network, await readAddress(place)) }];
}

async function recovered({ network }: Source, files: Tree, lock: SealLock, keys: readonly string[]): Promise<Plain[]> {
  if (Object.keys(lock.secrets).length === 0) throw new Failure(`nothing of ${network.name} is sealed`);
  const missing = keys.find((key) => !existsSync(key));
  if (missing) throw new Failure(`${missing} is not there: name the controller's private keys`);
  const plains = await recover(network, files, lock, keys);
  console.log(`opened    all ${plains.length}, each with the content that was sealed`);
  return plains;
}

async function theCertificate({ network }: Source, files: Tree, options: Options): Promise<Certificate> {
  const committed = certificateFile(network.name);
  const [from, pem] = options.controller
    ? [options.controller, await fetched(network, options.controller, options.context)]
    : options.cert !== undefined
      ? [options.cert, readFileSync(callersPath(options.cert), "utf8")]
      : [committed, files.get(committed)];
  if (pem === undefined) {
    throw new Failure(`${network.name} has no certificate yet: --cert FILE, or --controller NAMESPACE/NAME`);
  }
  const certificate = readable(from, pem);
  const { isOver, message } = expiry(certificate) ?? {};
  if (isOver) throw new Failure(`certificate ${from} ${message}`);
  if (message) warn(`certificate ${from} ${message}`);
  return certificate;
}

async function fetched(network: Source["network"], controller: string, context: string | undefined): Promise<string> {
  const place = parseController(controller);
  return await fetchCertificate(await networkCluster(network, context), place);
}

function readable(from: string, pem: string): Certificate {
  try {
    return parseCertificate(pem);
  } catch (error) {
    throw error instanceof Failure ? new Failure(`certificate ${from} ${error.message}`) : error;
  }
}

/** Another certificate changes everything, so that is said, never slipped in. */
function refuseOther(network: string, certificate: Certificate, files: Tree, { secrets }: SealLock): void {
  const committed = files.get(certificateFile(network));
  if (committed === undefined || Object.keys(secrets).length === 0) return;
  const { fingerprint } = readable(certificateFile(network), committed);
  if (fingerprint === certificate.fingerprint) return;
  throw new Failure(
    `the network's certificate is ${fingerprint}, and this is ${certificate.fingerprint}: --rotate seals everything for another one`,
  );
}

function listOthers({ secrets }: SealLock, { fingerprint }: Certificate): void {
  for (const [name, { certificate }] of Object.entries(secrets)) {
    if (certificate !== fingerprint) console.log(`${name} is sealed for another certificate, ${certificate}`);
  }
}

/** All files of a run, in one go. */
async function write(
  { network }: Source,
  files: Tree,
  lock: SealLock,
  certificate: Certificate,
  outcomes: readonly Outcome[],
  isAll: boolean,
): Promise<number> {
  const { name } = network;
  const stale = isAll
    ? Object.keys(lock.secrets).filter((secret) => !expectedSecrets(network).some((each) => each.name === secret))
    : [];
  for (const secret of stale) console.log(`removed   ${secret}: ${name} has no such Secret any more`);
  const kept = Object.fromEntries(Object.entries(lock.secrets).filter(([secret]) => !stale.includes(secret)));
  const inputs = keystoresTree(network, certificate, { ...lock, secrets: kept }, outcomes);
  const removed = stale.map((secret) => secretFile(name, secret)).filter((file) => files.has(file));

  const after = new Map([...files, ...inputs]);
  for (const file of removed) after.delete(file);
  for (const { severity, object, field, message } of checkKeystores(network, after)) {
    if (severity === "error") warn(`${[object, field].filter(Boolean).join(" ")}: ${message}`);
  }
  const { diff } = await generate(root, { inputs, removed });
  console.log(
    `seal: ${name}: ${diff.missing.length + diff.changed.length} files written, ${diff.extra.length} removed`,
  );
  return 0;
}

function check(sources: readonly Source[], names: readonly string[]): number {
  for (const name of names) if (!sources.some(({ network }) => network.name === name)) unknown(name, sources);
  const networks = sources
    .map(({ network }) => network)
    .filter(({ name }) => names.length === 0 || names.includes(name));
  const secrets = new Set(networks.flatMap((network) => expectedSecrets(network).map(({ name }) => name)));
  const findings = networks.flatMap((network) => {
    const files = readKeystores(root, network.name);
    console.log(`${network.name}: ${isSealed(network, files) ? `${files.size} files` : "nothing is sealed yet"}`);
    return checkKeystores(network, files);
  });
  const all = [...findings, ...plainSecrets(root, secrets)];
  for (const { severity, object, field, message } of all) {
    const paint = severity === "error" ? chalk.red : chalk.yellow;
    console.log(`${paint(severity)} ${[object, field].filter(Boolean).join(" ")}: ${message}`);
  }
  return all.some(({ severity }) => severity === "error") ? 1 : 0;
}

function refuseWith(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const lines = findings.map(({ file, message }) => `  ${file ? `${file}: ` : ""}${message}`);
  throw new Failure(`nothing is sealed\n${[...new Set(lines)].join("\n")}`);
}

function warn(message: string): void {
  console.warn(`${chalk.yellow("warning")} ${message}`);
}
