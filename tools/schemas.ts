import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { cacheKey, cachePath, makeOnce } from "./cache.ts";
import { progress } from "./progress.ts";
import { builtinSchemas, strictDefinitions } from "./schemas/builtin.ts";
import { type Crd, crdSchemas } from "./schemas/crd.ts";
import { crdSources, kubernetes, moduleDir } from "./schemas/modules.ts";
import type { Schema } from "./schemas/strict.ts";

export type KubernetesVersion = keyof typeof kubernetes;

/** The Kubernetes versions there are schemas of, oldest first. */
export const kubernetesVersions = Object.keys(kubernetes) as KubernetesVersion[];

const ownCrds = join(import.meta.dirname, "crds");

/**
 * The folder with the strict JSON Schemas of every built-in kind of that Kubernetes version and of every custom kind used
 * here, for `kubeconform -strict -schema-location '<folder>/{{ .ResourceKind }}{{ .KindSuffix }}.json'`.
 * Prepared on first use; later uses need neither Go nor a network. Throws if Go is missing, or a download fails or
 * is not what was pinned.
 */
export function schemasDir(version: KubernetesVersion): Promise<string> {
  return makeOnce(cachePath("schemas", `${version}-${key()}`), async (temporary, signal) => {
    const crds = await crdFiles();
    const done = progress(
      `preparing the schemas of Kubernetes ${version}, once, a download of about 20 MB`,
      `prepared the schemas of Kubernetes ${version}`,
    );
    const swagger = join(await moduleDir(kubernetes[version], signal), "api/openapi-spec/swagger.json");
    const { definitions } = JSON.parse(readFileSync(swagger, "utf8")) as { definitions: Record<string, Schema> };
    const strictly = strictDefinitions(definitions);
    const files = [
      ...builtinSchemas(definitions),
      ...crds.flatMap((file) => crdSchemas(parse(readFileSync(file, "utf8")) as Crd, strictly)),
    ];
    mkdirSync(temporary);
    for (const [name, schema] of files) {
      // "wx": two kinds with one file name would silently be one.
      writeFileSync(join(temporary, name), JSON.stringify(schema), { flag: "wx" });
    }
    done();
  });
}

/** The files of the CustomResourceDefinitions used here, fetched on first use. Throws as `schemasDir` does. */
export async function crdFiles(): Promise<string[]> {
  const folder = await makeOnce(cachePath("crds", key()), async (temporary, signal) => {
    const done = progress(
      "fetching the CustomResourceDefinitions of Argo CD and SealedSecrets, once, a download of about 60 MB",
      "fetched the CustomResourceDefinitions",
    );
    mkdirSync(temporary);
    for (const { module, files } of crdSources) {
      const from = await moduleDir(module, signal);
      for (const file of files) copyFileSync(join(from, file), join(temporary, basename(file)));
    }
    done();
  });
  return [ownCrds, folder].flatMap((from) => readdirSync(from).map((name) => join(from, name)));
}

/** A hash of all that decides what a schema says: how they are made, from what, and the CRDs in this repository. */
function key(): string {
  const folders = [join(import.meta.dirname, "schemas"), ownCrds];
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)),
  );
  return cacheKey([import.meta.filename, ...files].map((file) => readFileSync(file, "utf8")));
}
