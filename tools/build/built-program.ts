import { hash } from "node:crypto";
import { lstatSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { open, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { refused, remedy, requireOwned } from "./ownership.ts";

/** What a program was when it was built. */
interface ProgramRecord {
  sha256: string;
  /** What changes with every write: size, inode, time of modification and of any change, in nanoseconds. */
  identity: string;
}

const recordFile = (program: string) => `${program}.json`;

/**
 * Records what was just built, in a file beside it, from which `requireBuilt` knows the program again. Both must reach
 * their place together, by a rename of the folder that they are in.
 */
export async function recordProgram(program: string): Promise<void> {
  // On the disk first: an identity that survives a power cut must not vouch for content that did not.
  const file = await open(program, "r+");
  await file.sync();
  await file.close();
  const identity = identityOf(program);
  write(program, { sha256: await sha256(program), identity });
}

/**
 * Makes sure that a program of the cache is what was built: a regular file that, as the record and every folder up to `/`,
 * only this user and root can have written, with the SHA-256 of the record.
 *
 * Who can write the program could write the record as well, so it is owner and mode that keep a planted program out. The
 * hash finds what has no bad intent: a build cut short, a full disk, a copy that ended early. To hash kubeseal takes about
 * 0.1 s; as long as size, inode and times are those of the build, nobody has written since and the hash is not made again.
 *
 * @param root the folder of the whole cache.
 * @throws {OperatorError} with the path, what is wrong with it and what to do.
 */
export async function requireBuilt(program: string, root: string): Promise<void> {
  for (const path of [program, recordFile(program)]) {
    requireOwned(path, root);
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isFile()) continue;
    throw refused(path, stats ? "is not a regular file" : "is missing", remedy(dirname(program)));
  }
  const record = readRecord(program);
  const identity = identityOf(program);
  if (record.identity === identity) return;
  if ((await sha256(program)) !== record.sha256) {
    throw refused(program, "is not what was built (its SHA-256 is another)", remedy(dirname(program)));
  }
  try {
    // The cache was copied or restored from a backup. Next time there is nothing to hash.
    write(program, { ...record, identity });
  } catch {
    // A cache that is only read is hashed each time.
  }
}

function readRecord(program: string): ProgramRecord {
  try {
    const { sha256, identity } = JSON.parse(readFileSync(recordFile(program), "utf8"));
    if (typeof sha256 === "string" && typeof identity === "string") return { sha256, identity };
  } catch {
    // As one without the two fields.
  }
  throw refused(recordFile(program), "does not hold the hash of the program", remedy(dirname(program)));
}

function write(program: string, record: ProgramRecord): void {
  const temporary = `${recordFile(program)}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(record)}\n`, { mode: 0o644 });
  renameSync(temporary, recordFile(program));
}

const sha256 = async (path: string) => hash("sha256", await readFile(path));

function identityOf(path: string): string {
  const { size, ino, mtimeNs, ctimeNs } = lstatSync(path, { bigint: true });
  return [size, ino, mtimeNs, ctimeNs].join(" ");
}
