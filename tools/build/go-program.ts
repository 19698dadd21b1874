import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { recordProgram, requireBuilt } from "./built-program.ts";
import { cacheKey, cachePath, makeOnce } from "./cache.ts";
import { go } from "./go.ts";
import { closeToOthers } from "./ownership.ts";
import { progress } from "./progress.ts";

/** A Go program to build. */
export interface GoProgram {
  name: string;
  version: string;
  /** The folder with its go.mod. */
  folder: string;
  /** Its main package, as seen from the folder. */
  main: string;
  /** The content of every file that decides what is built. */
  pins: string[];
  /** What else the operator can do when Go is missing. */
  remedy?: string;
  /** Whether it is built with a C compiler. */
  cgo?: boolean;
  /** For `go build -tags`. */
  tags?: string;
  /** For `go build -ldflags`, such as a version that the program's own build sets. */
  ldflags?: string;
  /** How long a build takes, in words. */
  duration?: string;
}

// Part of the key, so that a cache of an earlier layout is not taken for one of this.
const layout = "a folder with the program and its record";

/**
 * The path of a program's binary, built on first use.
 *
 * @throws {OperatorError} when Go is missing, the build fails, or the binary in the cache may not be what was built.
 */
export async function goProgram({
  name,
  version,
  folder,
  main,
  pins,
  remedy = "",
  cgo = false,
  tags = "",
  ldflags = "",
  duration = "a minute",
}: GoProgram): Promise<string> {
  // The Go release is not part of the key: a built program must be found without Go, and outlive an update of Go.
  const key = cacheKey([layout, ...pins, ...[tags, ldflags].filter(Boolean), process.platform, process.arch]);
  const built = await makeOnce(cachePath("tools", `${name}-${version}-${key}`), async (temporary, signal) => {
    mkdirSync(temporary);
    const options = { cwd: folder, signal, remedy, cgo };
    const release = (await go(["env", "GOVERSION"], options)).trim();
    const program = `${name} ${version}`;
    const done = progress(`building ${program} with ${release} (once; takes about ${duration})`, `built ${program}`);
    const flags = ["-mod=readonly", "-trimpath", `-tags=${tags}`, `-ldflags=${ldflags}`];
    await go(["build", ...flags, "-o", join(temporary, name), main], options);
    // Before the record is made, because a change of mode is a change of the file.
    closeToOthers(temporary);
    await recordProgram(join(temporary, name));
    done();
  });
  await requireBuilt(join(built, name), cachePath());
  return join(built, name);
}
