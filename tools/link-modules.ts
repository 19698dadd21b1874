import { mkdirSync, readdirSync, realpathSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";

const repository = resolve(import.meta.dirname, "..");
export const packages = ["generators", "scripts", "tools"];

/** Links what is installed in this repository into a copy of it. The workspace's own packages link to the copy's. */
export function linkModules(root: string): void {
  for (const folder of ["", ...packages]) {
    const installed = join(repository, folder, "node_modules");
    const target = join(root, folder, "node_modules");
    for (const name of moduleNames(installed)) {
      mkdirSync(join(target, name, ".."), { recursive: true });
      symlinkSync(packages.includes(name) ? join(root, name) : realpathSync(join(installed, name)), join(target, name));
    }
  }
}

const moduleNames = (folder: string) =>
  readdirSync(folder).flatMap((name) =>
    name.startsWith("@")
      ? readdirSync(join(folder, name)).map((inner) => `${name}/${inner}`)
      : name.startsWith(".")
        ? []
        : [name],
  );
