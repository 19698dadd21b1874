import { caddyPath } from "tools/cluster/programs.ts";
import { requireOwnMezods } from "tools/mezod/own.ts";
import { mezodPath, mezodUnavailable } from "tools/mezod/program.ts";
import { kubernetesVersions, schemasDir } from "tools/schemas.ts";
import { toolNames, toolPath } from "tools/tool.ts";

/** Builds what the tests run before the first of them, so that it counts towards no test's time. */
export async function setup(): Promise<void> {
  requireOwnMezods();
  for (const tool of toolNames) await toolPath(tool);
  await caddyPath();
  for (const version of kubernetesVersions) await schemasDir(version);
  if (mezodUnavailable) console.warn(`skipping every test that runs mezod: it ${mezodUnavailable}`);
  else await mezodPath();
}
