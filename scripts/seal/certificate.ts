import { X509Certificate } from "node:crypto";
import { OperatorError } from "generators/operator-error.ts";

/** A certificate whose private key the SealedSecrets controller holds. */
export interface Certificate {
  pem: string;
  /** SHA-256 in hex. */
  fingerprint: string;
  bits: number;
  begins: Date;
  expires: Date;
}

const day = 24 * 60 * 60 * 1000;
// Enough time to rotate without haste.
const soon = 30 * day;
const minimumBits = 2048;

/**
 * The certificate in a PEM text, once it is known that it can seal.
 *
 * @throws {OperatorError} when the text is not one certificate, or its key is not RSA or too short.
 */
export function parseCertificate(text: string): Certificate {
  if (text.includes("PRIVATE KEY")) {
    throw new OperatorError("holds a private key, which does not belong here: give the certificate alone");
  }
  const found = text.match(/-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g) ?? [];
  if (found.length !== 1) throw new OperatorError(`holds ${found.length} PEM certificates; exactly one is needed`);
  const x509 = parseX509(found[0] as string);
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = x509.publicKey;
  if (type !== "rsa") throw new OperatorError(`has a key of type ${type}; the controller's certificates have RSA keys`);
  const bits = details?.modulusLength ?? 0;
  if (bits < minimumBits) {
    throw new OperatorError(`has an RSA key of ${bits} bits, which is too weak; the minimum is ${minimumBits}`);
  }
  return {
    pem: x509.toString(),
    fingerprint: x509.fingerprint256.replaceAll(":", "").toLowerCase(),
    bits,
    begins: x509.validFromDate,
    expires: x509.validToDate,
  };
}

function parseX509(pem: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new OperatorError("is not a certificate: its PEM block can't be read");
  }
}

/** What to say of a certificate that is not valid yet, has expired or soon will; undefined for any other. */
export function validity(
  { begins, expires }: Certificate,
  now = new Date(),
): { isOver: boolean; field: "notBefore" | "notAfter"; message: string } | undefined {
  if (begins > now) {
    const message = `is valid from ${begins.toISOString()} on only, and it is ${now.toISOString()}: one of the clocks is wrong, or it is not the controller's`;
    return { isOver: false, field: "notBefore", message };
  }
  const date = dateOf(expires);
  const left = expires.getTime() - now.getTime();
  if (left <= 0)
    return { isOver: true, field: "notAfter", message: `expired on ${date}: nothing can be sealed for it any more` };
  if (left > soon) return undefined;
  return {
    isOver: false,
    field: "notAfter",
    message: `expires in ${Math.ceil(left / day)} days, on ${date}: rotate to a new one before`,
  };
}

/** What to compare with the controller's own certificate: fingerprint, strength and expiry. */
export const describe = ({ fingerprint, bits, expires }: Certificate) =>
  `SHA-256 ${fingerprint}, RSA ${bits}, expires ${dateOf(expires)}`;

const dateOf = (date: Date) => date.toISOString().slice(0, 10);
