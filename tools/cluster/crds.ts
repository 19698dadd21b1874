import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { crdFiles } from "../schemas.ts";
import { holdsTrue, type Kube, type KubeObject, referenceTo } from "./kube.ts";
import { eventually } from "./wait.ts";

/** Installs each CustomResourceDefinition that is used here and not there, and waits until the API server serves them. */
export async function applyCrds(kube: Kube, labels: Record<string, string>): Promise<void> {
  const crds: KubeObject[] = (await crdFiles()).map((file) => parse(readFileSync(file, "utf8")));
  for (const crd of crds) {
    if (await kube.get(referenceTo(crd))) continue;
    await kube.apply({ ...crd, metadata: { ...crd.metadata, labels: { ...crd.metadata.labels, ...labels } } });
  }
  for (const { apiVersion, kind, metadata } of crds) {
    const { name } = metadata;
    await eventually(
      async () => {
        return holdsTrue(await kube.get({ apiVersion, kind, name }), "Established");
      },
      30,
      `CustomResourceDefinition ${name}`,
    );
  }
}
