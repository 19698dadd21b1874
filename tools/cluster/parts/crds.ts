import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { crdFiles } from "../../schemas.ts";
import { isTrue, type Kube, type KubeObject, referenceTo } from "../kubernetes/client.ts";
import { eventually } from "../wait.ts";

/** Installs the CustomResourceDefinitions that are used here and not there yet, and waits until each one is served. */
export async function applyCrds(kube: Kube, labels: Record<string, string>): Promise<void> {
  const crds: KubeObject[] = (await crdFiles()).map((file) => parse(readFileSync(file, "utf8")));
  for (const crd of crds) {
    if (await kube.get(referenceTo(crd))) continue;
    await kube.apply({ ...crd, metadata: { ...crd.metadata, labels: { ...crd.metadata.labels, ...labels } } });
  }
  for (const crd of crds) {
    const isServed = async () => isTrue(await kube.get(referenceTo(crd)), "Established");
    await eventually(isServed, 30, `CustomResourceDefinition ${crd.metadata.name}`);
  }
}
