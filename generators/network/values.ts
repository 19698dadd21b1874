import * as v from "valibot";
import { text } from "./strict-schema.ts";

/** A name of RFC 1123, as the API server checks names. */
export const dnsLabel = text(
  /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "a DNS label: a-z, 0-9 and '-', at most 63 characters",
);

/** The name of most kinds of objects, as the API server checks it. */
export const objectName = (what: string) =>
  text(/^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/, `the name of ${what}: a-z, 0-9, '-' and '.'`);

/** A name with a dot in it. */
export const dnsName = text(
  /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)+$/,
  "a DNS name such as mezo-node-0.test.mezo.org, in lower case",
);

/** Twenty bytes: a node id, or an account address. */
export const hex20 = (what: string) => text(/^[0-9a-f]{40}$/, `${what}: 40 lower-case hex characters`);

// The reference grammar of OCI registries: a host where there is a dot, a port or "localhost", then a path in lower case.
const imagePart = "[a-z0-9]+(?:(?:\\.|__?|-+)[a-z0-9]+)*";
const hostPart = "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?";
const imageHost = `(?:localhost|${hostPart}(?:\\.${hostPart})+|${hostPart}(?=:))(?::\\d{1,5})?`;

/** The name of an image in a registry. */
export const imageRepository = text(
  new RegExp(`^(?=.{1,255}$)(?:${imageHost}/)?${imagePart}(?:/${imagePart})*$`),
  "an image name without scheme, tag or digest, such as ghcr.io/mezo-org/mezod",
);

/** An image as pods name it. Another program may hide behind any other tag tomorrow. */
export const imageReference = (example: string) =>
  text(
    new RegExp(
      `^(?:${imageHost}/)?${imagePart}(?:/${imagePart})*(?::v?\\d+\\.\\d+\\.\\d+[\\w.-]{0,100}|@sha256:[0-9a-f]{64})$`,
    ),
    `an image by a release of three numbers or a digest, such as ${example}`,
  );

/** An IPv4 address. GKE gives a Service one of these unless it asks for IPv6. */
export const ipAddress = v.pipe(
  v.string("must be an IPv4 address such as 203.0.113.7"),
  v.ipv4("must be an IPv4 address such as 203.0.113.7"),
);

export const whole = (expected: string) => v.pipe(v.number(expected), v.safeInteger(expected));

export const port = v.pipe(
  whole("must be a port number"),
  v.minValue(1, "must be 1 to 65535"),
  v.maxValue(65535, "must be 1 to 65535"),
);

export const count = v.pipe(whole("must be a whole number"), v.minValue(1, "must be 1 or more"));

/** What a validator is named by. checks/ sees to it that there is one. */
export const index = v.pipe(whole("must be a validator's index"), v.minValue(0, "must be 0 or more"));

export const bytes = text(/^[1-9]\d*(Ki|Mi|Gi|Ti)$/, 'a quantity in binary units such as "100Gi"');

export const quantity = text(
  /^[1-9]\d*(\.\d+)?(m|k|M|G|T|Ki|Mi|Gi|Ti)?$/,
  'a Kubernetes quantity such as "2", "250m" or "16Gi"',
);

export const cloudName = text(
  /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/,
  "the name of a Google Cloud resource: a-z, 0-9 and '-', at most 63 characters",
);
