import { cacheKey, cachePath, makeOnce } from "./cache.ts";
import { go } from "./go.ts";
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

/**
 * The path of a program's binary, built on first use.
 *
 * @throws {OperatorError} when Go is missing or the build fails.
 */
export function goProgram({
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
  const key = cacheKey([...pins, ...[tags, ldflags].filter(Boolean), process.platform, process.arch]);
  return makeOnce(cachePath("tools", `${name}-${version}-${key}`, name), async (temporary, signal) => {
    const options = { cwd: folder, signal, remedy, cgo };
    const release = (await go(["env", "GOVERSION"], options)).trim();
    const program = `${name} ${version}`;
    const done = progress(`building ${program} with ${release} (once; takes about ${duration})`, `built ${program}`);
    const flags = ["-mod=readonly", "-trimpath", `-tags=${tags}`, `-ldflags=${ldflags}`];
    await go(["build", ...flags, "-o", temporary, main], options);
    done();
  });
}
