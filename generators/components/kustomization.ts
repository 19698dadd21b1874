import type { Network } from "../network/schema.ts";

/** The fields of a kustomization.yaml that this project uses (kustomize.config.k8s.io/v1beta1). */
export interface Kustomization {
  namespace?: string;
  resources: string[];
  patches?: { path: string; target?: { kind: string; labelSelector: string } }[];
  images?: ({ name: string; newName: string } & ({ newTag: string } | { digest: string }))[];
  configMapGenerator?: { name: string; files: string[] }[];
  /** Files with what is done to all objects at the very end. */
  transformers?: string[];
}

/** A kustomization.yaml. */
export const kustomization = (fields: Kustomization) => ({
  apiVersion: "kustomize.config.k8s.io/v1beta1",
  kind: "Kustomization",
  ...fields,
});

/** The image that replaces a name, by its digest where it has one. */
export const replacedImage = (name: string, { repository, tag, digest }: Network["image"]) => ({
  name,
  newName: repository,
  ...(digest ? { digest } : { newTag: tag ?? "" }),
});

/** An image as pods name it. */
export const imageReference = ({ repository, tag, digest }: Network["image"]) =>
  digest ? `${repository}@${digest}` : `${repository}:${tag}`;

/** A strategic merge patch: any subset of an object's fields. */
export type Patch<T> = T extends readonly (infer Item)[]
  ? Patch<Item>[]
  : T extends object
    ? { [Key in keyof T]?: Patch<T[Key]> }
    : T;

/** In a patch, the value of a field that it takes out of the object. */
export const removed = null as never;
