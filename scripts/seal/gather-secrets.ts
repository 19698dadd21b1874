import { existsSync } from "node:fs";
import { join } from "node:path";
import { readRegular } from "generators/files.ts";
import { nodeName, passwordFile, sidecarSecret } from "generators/network/names.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import type { SealLock } from "generators/network/seal-lock.ts";
import { hasOwnSidecar, hasOwnSidecars } from "generators/network/sidecars.ts";
import type { Source } from "generators/render.ts";
import { exposureWarning } from "../artifacts/exposed.ts";
import { artifactsFolder, defaultArtifacts } from "../artifacts/folder.ts";
import { readArtifacts } from "../artifacts/read.ts";
import { errorAt, type Finding } from "../lib/finding.ts";
import type { Certificate } from "./certificate.ts";
import type { Content, PlainSecret } from "./content.ts";
import { ethereumContent, readAddress } from "./ethereum.ts";
import { expectedKeystore, identityOf } from "./expected.ts";
import { proveKeyring } from "./keyring.ts";
import { keystoreContent, proveContent, recoveryKeys } from "./keystore.ts";
import type { SealOptions, Selection } from "./options.ts";
import { proveHomes } from "./prove-homes.ts";
import { isCurrent } from "./sealing.ts";

/** Secrets to seal, why they must not be sealed, and what the operator should know. */
export interface Gathered {
  secrets: PlainSecret[];
  findings: Finding[];
  warnings: string[];
}

/** The keystores of the selected validators, out of the artifacts, with every proof of whose they are. */
export async function gatherKeystores(
  source: Source,
  { isAll, validators }: Selection,
  options: SealOptions,
): Promise<Gathered> {
  const { network } = source;
  if (validators.length === 0) return { secrets: [], findings: [], warnings: [] };
  const folder = await artifactsFolder(options.from ?? defaultArtifacts);
  const artifacts = readArtifacts(folder);
  const warnings = artifacts.exposed.map(exposureWarning);
  const findings = [...proveHomes(source, artifacts, isAll ? undefined : validators)];
  if (findings.length > 0) return { secrets: [], findings, warnings };
  if (options["with-recovery-material"]) {
    const what = hasOwnSidecars(network) ? "mnemonics" : "mnemonics and keyring passwords";
    warnings.push(`${what} go to the cluster: no pod needs them, and whoever reads one has the account for good`);
  }
  const secrets: PlainSecret[] = [];
  for (const validator of validators) {
    const missing = missingPassword(folder, network, validator);
    if (missing) {
      findings.push(missing);
      continue;
    }
    const secret = readKeystoreSecret(folder, network, validator, options["with-recovery-material"] ?? false);
    const { content } = secret;
    // The proofs are of the very bytes that will be sealed, not of those that were read a moment ago.
    findings.push(...proveContent(network, validator, content));
    const keyring = await keyringFindings(folder, network, validator, content);
    if (keyring) findings.push(...keyring);
    else warnings.push(`${nodeName(network, validator.index)} has no ${passwordFile}: its keyring is not opened`);
    secrets.push(secret);
  }
  return { secrets, findings, warnings };
}

function readKeystoreSecret(
  folder: string,
  network: Network,
  validator: Validator,
  withRecovery: boolean,
): PlainSecret {
  const { name, keys } = expectedKeystore(network, validator);
  const more = withRecovery ? recoveryKeys(folder, network, validator) : [];
  return {
    name,
    content: keystoreContent(folder, network, validator, [...keys, ...more]),
    validator: identityOf(validator),
  };
}

/** Why an ethereum-sidecar in the validator's pod could not open the keyring; undefined where it can, and where there is none. */
function missingPassword(folder: string, network: Network, { index }: Validator): Finding | undefined {
  if (!hasOwnSidecar(network, index)) return undefined;
  const file = `${nodeName(network, index)}/${passwordFile}`;
  if (!existsSync(join(folder, file))) {
    return errorAt(file, "", "is missing: the validator's ethereum-sidecar opens the keyring with it");
  }
  const password = readRegular(folder, file, { follow: true }).toString().replace(/\n$/, "");
  if (password !== "" && password === password.trim() && !/[\r\n]/.test(password)) return undefined;
  return errorAt(file, "", "must be one line without blanks at its ends, as the ethereum-sidecar reads it");
}

/** What is wrong with a keyring; undefined where there is no password to open it with. */
async function keyringFindings(folder: string, network: Network, validator: Validator, content: Content) {
  const node = nodeName(network, validator.index);
  const file = `${node}/${passwordFile}`;
  if (!existsSync(join(folder, file))) return undefined;
  const password = readRegular(folder, file, { follow: true }).toString().trim();
  return await proveKeyring(node, validator.accountAddress, content, password);
}

/** The sidecar's configuration, where it is asked for or not sealed yet. */
export async function gatherSidecar(
  network: Network,
  { isAll, hasSidecar }: Selection,
  { secrets }: SealLock,
  certificate: Certificate,
  options: SealOptions,
): Promise<PlainSecret[]> {
  const { name } = sidecarSecret;
  const from = options["ethereum-node-address"];
  const isWanted = hasSidecar || from !== undefined || (isAll && !isCurrent(secrets[name], network, certificate));
  if (!isWanted) return [];
  return [{ name, content: ethereumContent(network, await readAddress(from)) }];
}
