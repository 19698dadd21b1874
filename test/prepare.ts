import { kubernetesVersions, schemasDir } from "tools/schemas.ts";
import { toolNames, toolPath } from "tools/tool.ts";

/** Builds the tools and schemas before the first test, so that no test's time counts it. */
export async function setup(): Promise<void> {
  for (const tool of toolNames) await toolPath(tool);
  for (const version of kubernetesVersions) await schemasDir(version);
}
