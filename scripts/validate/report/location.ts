import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { networkFile } from "generators/network/paths.ts";
import { filesAt } from "generators/tree.ts";
import { type Problem, stableName } from "../problem.ts";

/**
 * The file to look at for a problem, and its line where it is known: the file that the problem names, the manifest of
 * its object, the overlay's before the base's, or else the network.
 */
export function fileOf(root: string, { overlay, object, field }: Problem): { file: string; line?: number } | undefined {
  if (existsSync(join(root, object)) && object !== "") {
    const line = /^line (\d+)$/.exec(field)?.[1];
    return { file: object, ...(line && { line: Number(line) }) };
  }
  const [kind, name] = stableName(object).split("/");
  const [file = ""] = field.split(" ");
  if (kind === "ConfigMap" && file.endsWith(".toml")) return { file: `overlays/${overlay}/config/${file}` };
  const manifest = [`overlays/${overlay}`, "base"]
    .flatMap((folder) => manifestsIn(root, folder))
    .find((path) => {
      const text = readFileSync(join(root, path), "utf8");
      return text.includes(`\nkind: ${kind}\n`) && text.includes(`\n  name: ${name}\n`);
    });
  const network = networkFile(overlay);
  return manifest ? { file: manifest } : existsSync(join(root, network)) ? { file: network } : undefined;
}

const manifestsIn = (root: string, folder: string) =>
  filesAt(root, folder).filter((path) => path.endsWith(".yaml") && basename(path) !== "kustomization.yaml");
