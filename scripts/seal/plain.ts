import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { nodeName, sidecarSecret } from "generators/network/names.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import type { Identity, SealLock } from "generators/network/seal-lock.ts";
import type { Source } from "generators/render.ts";
import { artifactsFolder } from "../artifacts/folder.ts";
import { type Finding, readArtifacts } from "../artifacts/read.ts";
import type { Certificate } from "./certificate.ts";
import type { Content } from "./content.ts";
import { ethereumContent, readAddress } from "./ethereum.ts";
import { expectedKeystore, identityOf } from "./expected.ts";
import { proveKeyring } from "./keyring.ts";
import { proveContent, proveHomes, readKeystore, recoveryKeys, repeatedKeys } from "./keystore.ts";
import type { Choice, SealOptions } from "./options.ts";
import { isCurrent } from "./sealing.ts";

/** A Secret in plain. */
export interface Plain {
  name: string;
  content: Content;
  validator?: Identity;
}

/** Secrets in plain, what speaks against sealing them, and what the operator should know. */
export interface Gathered {
  plains: Plain[];
  findings: Finding[];
  warnings: string[];
}

/**
 * The chosen validators' keystores, out of the artifacts, with every proof of whose they are.
 *
 * @param locks of all networks.
 */
export async function gatherKeystores(
  source: Source,
  { isAll, validators }: Choice,
  locks: ReadonlyMap<string, SealLock>,
  options: SealOptions,
): Promise<Gathered> {
  const { network } = source;
  if (validators.length === 0) return { plains: [], findings: [], warnings: [] };
  const folder = await artifactsFolder(options.from ?? ".public-testnet");
  const artifacts = readArtifacts(folder);
  const warnings = artifacts.exposed.map((file) => `${file} can be read by everybody on this machine: chmod o-r`);
  const findings = [
    ...proveHomes(source, artifacts, isAll ? undefined : validators),
    ...repeatedKeys(network, validators, locks),
  ];
  if (findings.length > 0) return { plains: [], findings, warnings };
  if (options["with-recovery-material"]) {
    warnings.push(
      "mnemonics and keyring passwords go to the cluster: no node needs them, and who reads one has the account for good",
    );
  }
  const plains: Plain[] = [];
  for (const validator of validators) {
    const { name, keys } = expectedKeystore(network, validator);
    const more = options["with-recovery-material"] ? recoveryKeys(folder, network, validator) : [];
    const content = readKeystore(folder, network, validator, [...keys, ...more]);
    // Of the bytes that are sealed, not of those that were read a moment ago.
    findings.push(...proveContent(network, validator, content));
    const keyring = await keyringFindings(folder, network, validator, content);
    if (keyring) findings.push(...keyring);
    else warnings.push(`${nodeName(network, validator.index)} has no keyring_password.txt: its keyring is not opened`);
    plains.push({ name, content, validator: identityOf(validator) });
  }
  return { plains, findings, warnings };
}

async function keyringFindings(folder: string, network: Network, validator: Validator, content: Content) {
  const node = nodeName(network, validator.index);
  const file = join(folder, node, "keyring_password.txt");
  if (!existsSync(file)) return undefined;
  return await proveKeyring(node, validator.accountAddress, content, readFileSync(file, "utf8").trim());
}

/** The sidecar's configuration, where it is asked for or not sealed yet. */
export async function gatherSidecar(
  network: Network,
  { isAll, hasSidecar }: Choice,
  { secrets }: SealLock,
  certificate: Certificate,
  options: SealOptions,
): Promise<Plain[]> {
  const { name } = sidecarSecret;
  const place = options["ethereum-node-address"];
  const isWanted = hasSidecar || place !== undefined || (isAll && !isCurrent(secrets[name], network, certificate));
  if (!isWanted) return [];
  return [{ name, content: ethereumContent(network, await readAddress(place)) }];
}
