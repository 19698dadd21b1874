import { existsSync, lstatSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { networkFile } from "generators/network/paths.ts";
import { filesAt } from "generators/tree.ts";
import { stableName } from "../../lib/finding.ts";
import type { ReportedFinding } from "../reported-finding.ts";

/** A file from the repository's root, and a line of it where one is known. */
interface Location {
  file: string;
  line?: number;
}

/**
 * Where to look for a finding: the file that it names, or its object's manifest, in the overlay before base/, or else
 * the network. Undefined where there is none of them.
 */
export function locationOf(root: string, { overlay, object, field }: ReportedFinding): Location | undefined {
  if (object !== "" && existsSync(join(root, object))) {
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
  if (manifest) return { file: manifest };
  const network = networkFile(overlay);
  return existsSync(join(root, network)) ? { file: network } : undefined;
}

const manifestsIn = (root: string, folder: string) =>
  filesAt(root, folder).filter(
    (path) => path.endsWith(".yaml") && basename(path) !== "kustomization.yaml" && lstatSync(join(root, path)).isFile(),
  );
