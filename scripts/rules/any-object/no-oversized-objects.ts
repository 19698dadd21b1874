import { configMapLimit } from "generators/components/config-files.ts";
import type { Manifest } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

/** What a ConfigMap, a Secret and a SealedSecret hold. */
interface Contents {
  data?: object;
  binaryData?: object;
  spec?: { encryptedData?: object };
}

// https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/: 256 KiB for all annotations of an object.
const annotationLimit = 2 ** 18;

export default {
  id: "no-oversized-objects",
  why: "The API server refuses an object that is too large, and the sync stops there.",
  fix: "Make the settings or the genesis smaller; a genesis beyond 1 MiB must reach the pods in another way.",
  brokenBy: "network",
  *check(manifests) {
    for (const manifest of manifests) {
      const { data, binaryData, spec } = manifest as Manifest & Contents;
      for (const [field, size, limit] of [
        ["data", sizeOf(data) + sizeOf(binaryData), configMapLimit],
        ["spec.encryptedData", sizeOf(spec?.encryptedData), configMapLimit],
        ["metadata.annotations", sizeOf(manifest.metadata.annotations), annotationLimit],
      ] as const) {
        if (size > limit) yield finding(manifest, field, `has ${size} bytes; the limit is ${limit}`);
      }
    }
  },
} satisfies Rule;

const sizeOf = (values: object = {}) =>
  Object.entries(values).reduce(
    (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );
