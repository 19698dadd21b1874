import type { Network } from "generators/network/schema.ts";
import type { SealLock } from "generators/network/seal-lock.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { Tree } from "generators/tree.ts";
import { readCallersFile } from "../lib/callers-path.ts";
import { networkCluster } from "../lib/cluster/context.ts";
import { type Certificate, parseCertificate } from "./certificate.ts";
import { fetchCertificate, parseController, sealingWords } from "./controller.ts";
import { certificateFile } from "./keystores-folder.ts";
import type { SealOptions } from "./options.ts";

/** A certificate, and where it comes from. */
export interface CertificateFrom {
  from: string;
  certificate: Certificate;
  /** What to know of the way that it came. */
  warning?: string | undefined;
}

/**
 * The certificate to seal for: the one that an option names, else the one committed with the network's keystores.
 *
 * @throws {OperatorError} when there is none, or it can't be used.
 */
export async function certificateFor(network: Network, files: Tree, options: SealOptions): Promise<CertificateFrom> {
  const { controller, cert, context } = options;
  if (controller !== undefined) {
    const service = parseController(controller);
    const { pem, warning } = await fetchCertificate(await networkCluster(network, context, sealingWords), service);
    return { ...certificateFrom(controller, pem), warning };
  }
  if (cert !== undefined) return certificateFrom(cert, readCallersFile(cert, "--cert"));
  const committed = files.get(certificateFile(network.name));
  if (committed !== undefined) return certificateFrom(certificateFile(network.name), committed);
  throw new OperatorError(
    `${network.name} has no certificate yet: name one with --cert FILE or --controller NAMESPACE/NAME`,
  );
}

function certificateFrom(from: string, pem: string): CertificateFrom {
  try {
    return { from, certificate: parseCertificate(pem) };
  } catch (error) {
    throw error instanceof OperatorError ? new OperatorError(`certificate ${from} ${error.message}`) : error;
  }
}

/**
 * Refuses a certificate other than the committed one: it would change every file, so it must be asked for.
 *
 * @throws {OperatorError} when something is sealed already, for another certificate.
 */
export function refuseOther({ name }: Network, { fingerprint }: Certificate, files: Tree, { secrets }: SealLock): void {
  const committed = files.get(certificateFile(name));
  if (committed === undefined || Object.keys(secrets).length === 0) return;
  const current = certificateFrom(certificateFile(name), committed).certificate.fingerprint;
  if (current === fingerprint) return;
  throw new OperatorError(
    `the network's certificate is ${current}, but this one is ${fingerprint}: --rotate seals everything for it`,
  );
}
