import { mezodPath, missing } from "tools/mezod/program.ts";
import { kubernetesVersions, schemasDir } from "tools/schemas.ts";
import { toolNames, toolPath } from "tools/tool.ts";

/** Builds what the tests run before the first of them, so that no test's time counts it. */
export async function setup(): Promise<void> {
  for (const tool of toolNames) await toolPath(tool);
  for (const version of kubernetesVersions) await schemasDir(version);
  if (missing) console.warn(`skipped: every test with a real node, for its program ${missing}`);
  else await mezodPath();
}
