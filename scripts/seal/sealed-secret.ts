import { createHash } from "node:crypto";
import { toYaml } from "generators/yaml.ts";

/** The name and namespace of a Secret. In strict scope it opens under this name and in this namespace alone. */
export interface SecretName {
  name: string;
  namespace: string;
}

/** Encrypted values in base64, by key. */
export type EncryptedData = Record<string, string>;

/** A SealedSecret's file, always in one layout, so that a diff shows nothing but new ciphertext. */
export const sealedSecretFile = ({ name, namespace }: SecretName, encryptedData: EncryptedData) =>
  toYaml({
    apiVersion: "bitnami.com/v1alpha1",
    kind: "SealedSecret",
    metadata: {
      name,
      namespace,
      annotations: {
        // The controller removes a Secret with its SealedSecret, and then the validator can't start again.
        "argocd.argoproj.io/sync-options": "Prune=false,Delete=false",
        // The SealedSecret of a removed validator stays, so it must not count as out of sync for ever.
        "argocd.argoproj.io/compare-options": "IgnoreExtraneous",
      },
    },
    spec: { encryptedData, template: { metadata: { name, namespace }, type: "Opaque" } },
  });

/** SHA-256 of a text, in hex. */
export const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
