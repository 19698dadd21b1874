import { createHash } from "node:crypto";
import { toYaml } from "generators/yaml.ts";

/** Where a secret belongs. In strict scope it opens under this name and in this namespace alone. */
export interface Place {
  name: string;
  namespace: string;
}

/** Encrypted values in base64, by key. */
export type EncryptedData = Record<string, string>;

/** A SealedSecret's file: one layout, so that only new ciphertext ever shows in a diff. */
export const sealedSecretFile = ({ name, namespace }: Place, encryptedData: EncryptedData) =>
  toYaml({
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    metadata: {
      name,
      namespace,
      annotations: {
        // Without its SealedSecret a Secret is gone, and the validator with it at its next start.
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
        // One that left the network stays, so it must not count as out of sync for ever.
        "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
      },
    },
    spec: { encryptedData, template: { metadata: { name, namespace }, type: "Opaque" } },
  });

export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
