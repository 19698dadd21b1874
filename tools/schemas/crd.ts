import { asResource, fileName, type Schema, standalone, strict } from "./strict.ts";

/** The part of a CustomResourceDefinition that is read here. */
export interface Crd {
  spec: {
    group: string;
    names: { kind: string };
    versions: { name: string; served: boolean; schema: { openAPIV3Schema: Schema } }[];
  };
}

/** File name and schema of every served version; `definitions` are those of the Kubernetes version whose metadata it has. */
export function crdSchemas({ spec }: Crd, definitions: Record<string, Schema>): [string, Schema][] {
  return spec.versions
    .filter(({ served }) => served)
    .map(({ name: version, schema }) => {
      const gvk = { group: spec.group, version, kind: spec.names.kind };
      return [fileName(gvk), standalone(strict(asResource(schema.openAPIV3Schema), true), gvk, definitions)];
    });
}
