import { OperatorError } from "generators/operator-error.ts";
import { oddEntries } from "generators/tree.ts";
import { toolPath } from "tools/tool.ts";
import { kustomize } from "../objects/kustomize.ts";

/** An overlay as Kustomize writes it. */
export interface BuiltYaml {
  overlay: string;
  yaml: string;
}

/** An overlay that does not build, and what Kustomize says about it. */
export interface FailedBuild {
  overlay: string;
  failure: string;
}

/**
 * Builds overlays, side by side.
 *
 * @throws {OperatorError} when there is no Kustomize.
 */
export async function buildAll(root: string, overlays: readonly string[]): Promise<(BuiltYaml | FailedBuild)[]> {
  // Asked for first: without Kustomize nothing can be validated, and no overlay is to blame.
  await toolPath("kustomize");
  // Kustomize would wait for ever for what a FIFO holds, and would follow a link.
  const [odd] = oddEntries(root, ["base", "overlays"]);
  return Promise.all(
    overlays.map(async (overlay) => {
      if (odd) return { overlay, failure: `${odd.path} is ${odd.kind}, not a file` };
      try {
        return { overlay, yaml: await kustomize(root, overlay) };
      } catch (error) {
        if (error instanceof OperatorError) return { overlay, failure: error.message };
        throw error;
      }
    }),
  );
}

/** How many objects a stream in block style holds: at its margin only keys of objects stand, and what parts objects. */
export const countObjects = (yaml: string) => yaml.split(/^---$/m).filter((document) => /^\w/m.test(document)).length;
