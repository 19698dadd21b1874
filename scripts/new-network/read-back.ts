import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { importDeclaration } from "generators/declaration.ts";
import { defineNetwork } from "generators/network/define.ts";
import { networkFile } from "generators/network/paths.ts";
import type { Network, NetworkInput } from "generators/network/schema.ts";

/**
 * The network that a description's text declares, read as any network is, from a folder of its own.
 *
 * @throws {OperatorError} listing every problem of the network.
 */
export async function readBack(name: string, text: string, validators: NetworkInput["validators"]): Promise<Network> {
  const folder = mkdtempSync(join(tmpdir(), "new-network-"));
  try {
    const file = join(folder, networkFile(name));
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return defineNetwork({ ...(await importDeclaration(folder, name)), validators });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
