import type { Network } from "generators/network/schema.ts";
import type { SealLock } from "generators/network/seal-lock.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { Tree } from "generators/tree.ts";
import { readCallersFile } from "../artifacts/folder.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { fetchCertificate, networkCluster, parseController } from "./controller.ts";
import { certificateFile } from "./lock.ts";
import type { SealOptions } from "./options.ts";

/** A certificate, and where it comes from. */
export interface Found {
  from: string;
  certificate: Certificate;
}

/**
 * The certificate to seal for: the one that is asked for, else the one committed with the network's keystores.
 *
 * @throws {OperatorError} when there is none, or it can't be used.
 */
export async function certificateFor(network: Network, files: Tree, options: SealOptions): Promise<Found> {
  const { controller, cert, context } = options;
  if (controller !== undefined) {
    const place = parseController(controller);
    return read(controller, await fetchCertificate(await networkCluster(network, context), place));
  }
  if (cert !== undefined) return read(cert, readCallersFile(cert, "--cert"));
  const committed = files.get(certificateFile(network.name));
  if (committed !== undefined) return read(certificateFile(network.name), committed);
  throw new OperatorError(`${network.name} has no certificate yet: --cert FILE, or --controller NAMESPACE/NAME`);
}

function read(from: string, pem: string): Found {
  try {
    return { from, certificate: parseCertificate(pem) };
  } catch (error) {
    throw error instanceof OperatorError ? new OperatorError(`certificate ${from} ${error.message}`) : error;
  }
}

/**
 * Another certificate changes every file, so that is asked for and never slips in.
 *
 * @throws {OperatorError} when something is sealed already, for another certificate.
 */
export function refuseOther({ name }: Network, { fingerprint }: Certificate, files: Tree, { secrets }: SealLock): void {
  const committed = files.get(certificateFile(name));
  if (committed === undefined || Object.keys(secrets).length === 0) return;
  const current = read(certificateFile(name), committed).certificate.fingerprint;
  if (current === fingerprint) return;
  throw new OperatorError(
    `the network's certificate is ${current}, and this is ${fingerprint}: --rotate seals all for it`,
  );
}
