import { sidecarSecret } from "generators/network/names.ts";
import { lockFile, signatureFile } from "generators/network/paths.ts";
import { OperatorError } from "generators/operator-error.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import { signersOf } from "./authenticity.ts";
import { checkKeystores } from "./check.ts";
import { type Content, isDigestOf, type PlainSecret } from "./content.ts";
import { ethereumContent, readAddress } from "./ethereum.ts";
import { type Gathered, gatherKeystores } from "./gather-secrets.ts";
import { secretFile } from "./keystores-folder.ts";
import { isSame, recover } from "./recover.ts";
import type { SealRequest } from "./request.ts";

/**
 * The sealed files, opened with the controller's private keys. Where no signature vouches for the lock, somebody must say
 * which Ethereum node is the right one: unlike a keystore, its URL has nothing in it that the network describes.
 *
 * @throws {UsageError} when the URL is needed and there is no terminal to ask on.
 */
export async function open(request: SealRequest, keyFiles: readonly string[]): Promise<Gathered> {
  const { source, options, files, lock, fault } = request;
  const { network } = source;
  const isVouched = fault === undefined && signersOf(network).length > 0;
  const isSealed = sidecarSecret.name in lock.secrets;
  const isCompared = isSealed && (options["ethereum-node-address"] !== undefined || !isVouched);
  const gathered = await recover(network, files, lock, keyFiles, isCompared ? await sidecarOf(request) : undefined);
  if (isVouched) return gathered;
  const warning = `nobody vouches for ${lockFile(network.name)}: node and consensus keys are proven, and the Ethereum node's URL, but not the files of the keyrings`;
  return { ...gathered, warnings: [...gathered.warnings, warning] };
}

const sidecarOf = async ({ source, options }: SealRequest): Promise<Content> =>
  ethereumContent(source.network, await readAddress(options["ethereum-node-address"]));

/** What a verification found, and what it has proven where it found nothing. */
interface Verified {
  findings: Finding[];
  proven: string;
}

/**
 * Compares what is sealed with what should be. Sealing the same content twice gives two different files, so there are two
 * proofs: whoever has the controller's private keys opens the files; everybody else compares the artifacts with the salted
 * digests in the lock, and that the files hold what these are of is the word of whoever signed the lock.
 *
 * @throws {OperatorError} when nothing is sealed, or the artifacts are not the network's.
 */
export async function verify(request: SealRequest): Promise<Verified> {
  const { source, files, lock, keyFiles, options } = request;
  if (lock.serial === 0) throw new OperatorError(`nothing is sealed for ${source.network.name}`);
  const committed = [...checkKeystores(source.network, files)];
  // Files that are not those of the lock need no further proof.
  if (committed.some(({ severity }) => severity === "error")) return { findings: committed, proven: "" };
  const opened = keyFiles && (await open(request, keyFiles));
  if (opened && (opened.findings.length > 0 || options.from === undefined)) {
    const proven = `all ${opened.secrets.length} files open to what the lock says, with the keys of the validators`;
    return { findings: [...committed, ...opened.findings], proven };
  }
  const wanted = await fromArtifacts(request);
  const findings = opened ? unlike(request, opened.secrets, wanted) : await unlikeLock(request, wanted);
  const proven = opened
    ? `all ${wanted.length} files open to what the artifacts hold`
    : `the lock has the digests of what the artifacts hold, ${wanted.length} in all; that the files open to it is its signer's word, and --recover KEY proves it`;
  return { findings: [...committed, ...findings], proven };
}

/** What the artifacts hold for every Secret, as far as it is sealed. */
async function fromArtifacts(request: SealRequest): Promise<PlainSecret[]> {
  const { source, selection, options, lock } = request;
  const everything = { ...options, "with-recovery-material": true };
  const { secrets, findings } = await gatherKeystores(source, selection, everything);
  const [first] = findings;
  if (first)
    throw new OperatorError(`the artifacts are not those of ${source.network.name}: ${first.object}: ${first.message}`);
  const all = [...secrets, { name: sidecarSecret.name, content: await sidecarOf(request) }];
  // Recovery material is sealed only on request.
  return all.map(({ name, content }) => {
    const keys = lock.secrets[name]?.keys ?? [];
    return { name, content: new Map([...content].filter(([key]) => keys.includes(key))) };
  });
}

function unlike({ source: { network } }: SealRequest, opened: readonly PlainSecret[], wanted: readonly PlainSecret[]) {
  const contents = new Map(opened.map(({ name, content }) => [name, content]));
  return wanted
    .filter(({ name, content }) => !isSame(contents.get(name) ?? new Map(), content))
    .map(({ name }) => errorAt(secretFile(network.name, name), "", "opens to something else than the artifacts hold"));
}

async function unlikeLock(
  { source: { network }, lock }: SealRequest,
  wanted: readonly PlainSecret[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  if (signersOf(network).length === 0) {
    const message =
      "nobody signs the lock, so its digests prove nothing: name the controller's private keys with --recover";
    findings.push(errorAt(signatureFile(network.name), "", message));
  }
  for (const { name, content } of wanted) {
    const entry = lock.secrets[name];
    if (entry && (await isDigestOf(entry.content, content))) continue;
    findings.push(
      errorAt(secretFile(network.name, name), "", "was sealed with something else than the artifacts hold"),
    );
  }
  return findings;
}
