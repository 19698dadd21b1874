import { X509Certificate } from "node:crypto";
import { OperatorError } from "generators/operator-error.ts";

/** A certificate that the SealedSecrets controller holds the private key of. */
export interface Certificate {
  pem: string;
  /** SHA-256 in hex. */
  fingerprint: string;
  bits: number;
  expires: Date;
}

const day = 24 * 60 * 60 * 1000;
// Time enough to rotate at leisure.
const soon = 30 * day;
const leastBits = 2048;

/**
 * The certificate in a PEM text, checked to be one that can seal.
 *
 * @throws {OperatorError} when it is none, not RSA, or too weak.
 */
export function parseCertificate(text: string): Certificate {
  if (text.includes("PRIVATE KEY")) {
    throw new OperatorError("holds a private key, which has no place here: give the certificate alone");
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (found.length !== 1) throw new OperatorError(`holds ${found.length} PEM certificates; it must be one`);
  const x509 = read(found[0] as string);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = x509.publicKey;
  if (type !== "rsa") throw new OperatorError(`is not RSA but ${type}: the controller's own certificates are RSA`);
  const bits = details?.modulusLength ?? 0;
  if (bits < leastBits) throw new OperatorError(`is too weak: RSA of ${bits} bits, and ${leastBits} is the least`);
  return {
    pem: x509.toString(),
    fingerprint: x509.fingerprint256.replaceAll(":", "").toLowerCase(),
    bits,
    expires: x509.validToDate,
  };
}

function read(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new OperatorError("is not a certificate: its PEM block can't be read");
  }
}

/** What is wrong with a certificate's time, if anything. */
export function expiry({ expires }: Certificate, now = new Date()): { isOver: boolean; message: string } | undefined {
  const date = dateOf(expires);
  const left = expires.getTime() - now.getTime();
  if (left <= 0) return { isOver: true, message: `expired on ${date}: nothing can be sealed for it any more` };
  if (left > soon) return undefined;
  return { isOver: false, message: `expires in ${Math.ceil(left / day)} days, on ${date}: rotate to a new one before` };
}

/** What to compare with the controller's own: fingerprint, strength and expiry. */
export const describe = ({ fingerprint, bits, expires }: Certificate) =>
  `SHA-256 ${fingerprint}, RSA ${bits}, expires ${dateOf(expires)}`;

const dateOf = (date: Date) => date.toISOString().slice(0, 10);
