import { existsSync, statfsSync } from "node:fs";

const folder = "/dev/shm";

// Many times what a repository of manifests holds.
const enoughBytes = 1e9;

/** The folder whose files are in memory, where the system has one with room for a gigabyte. */
export function memoryFolder(): string | undefined {
  if (!existsSync(folder)) return undefined;
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize > enoughBytes ? folder : undefined;
}
