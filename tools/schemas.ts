import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "yaml";
import { cacheKey, cachePath, makeOnce } from "./build/cache.ts";
import { progress } from "./build/progress.ts";
import { builtinSchemas, strictDefinitions } from "./schemas/builtin.ts";
import { type Crd, crdSchemas } from "./schemas/crd.ts";
import { crdSources, kubernetes, moduleDir } from "./schemas/modules.ts";
import type { Schema } from "./schemas/strict.ts";

export type KubernetesVersion = keyof typeof kubernetes;

/** The Kubernetes versions that schemas are prepared of, oldest first. */
export const kubernetesVersions = Object.keys(kubernetes) as KubernetesVersion[];

const ownCrds = join(import.meta.dirname, "crds");

/**
 * The folder with the strict JSON Schemas of every built-in kind of that Kubernetes version and of every custom kind used
 * here, for `kubeconform -strict -schema-location '<folder>/{{ .ResourceKind }}{{ .KindSuffix }}.json'`.
 * It is prepared on first use; later uses need neither Go nor a network.
 *
 * @throws {OperatorError} when Go is missing, a download fails, or its checksum is not the pinned one.
 */
export function schemasDir(version: KubernetesVersion): Promise<string> {
  return makeOnce(cachePath("schemas", `${version}-${key()}`), async (temporary, signal) => {
    const crds = await crdFiles();
    const done = progress(
      `preparing the schemas of Kubernetes ${version} (once; downloads about 20 MB)`,
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
      // With "wx", two kinds that share a file name fail instead of silently becoming one.
      writeFileSync(join(temporary, name), JSON.stringify(schema), { flag: "wx" });
    }
    done();
  });
}

/** The files of the CustomResourceDefinitions used here, fetched on first use. Throws as `schemasDir` does. */
export async function crdFiles(): Promise<string[]> {
  const folder = await makeOnce(cachePath("crds", key()), async (temporary, signal) => {
    const done = progress(
      "fetching the CustomResourceDefinitions of Argo CD, SealedSecrets, the Prometheus Operator and snapshots (once; downloads about 70 MB)",
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

/** A hash of everything that decides what the schemas say: the code that makes them, its pins, and the CRDs kept here. */
function key(): string {
  const folders = [join(import.meta.dirname, "schemas"), ownCrds];
  const files = folders.flatMap((folder) =>
    readdirSync(folder)
      .sort()
      .map((name) => join(folder, name)),
  );
  return cacheKey([import.meta.filename, ...files].map((file) => readFileSync(file, "utf8")));
}
