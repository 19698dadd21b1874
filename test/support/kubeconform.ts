import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { type KubernetesVersion, schemasDir } from "tools/schemas.ts";
import { toolPath } from "tools/tool.ts";

/** What kubeconform says about one object. */
export interface Verdict {
  kind: string;
  status: string;
  msg: string;
}

/** Runs the real kubeconform, strictly and only with the prepared schemas. */
export async function kubeconform(version: KubernetesVersion, objects: object[]): Promise<Verdict[]> {
  const location = join(await schemasDir(version), "{{ .ResourceKind }}{{ .KindSuffix }}.json");
  const { stdout } = spawnSync(
    await toolPath("kubeconform"),
    ["-strict", "-verbose", "-output", "json", "-n", "1", "-schema-location", location, "-"],
    { input: objects.map((object) => JSON.stringify(object)).join("\n---\n"), encoding: "utf8" },
  );
  return (JSON.parse(stdout) as { resources: Verdict[] }).resources;
}
