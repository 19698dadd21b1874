import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { cp, mkdir, mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

/** An image to make: programs of this machine and the libraries that they load, and nothing else. */
export interface Image {
  /** Its names, each with a tag. */
  names: string[];
  /** By each program's path in the image, its path on this machine. */
  programs: Record<string, string>;
  /** What runs where a pod names no command. */
  entrypoint?: string[];
}

const execute = promisify(execFile);
// The user that distroless images call nonroot.
const user = "65532";

/**
 * Makes an image of one layer, in the form that `docker save` writes; containerd imports it, so no registry is needed.
 *
 * @returns the path of the archive, in `folder`.
 */
export async function makeImage(folder: string, { names, programs, entrypoint = [] }: Image): Promise<string> {
  const work = await mkdtemp(join(folder, "image-"));
  const root = join(work, "root");
  for (const [path, program] of Object.entries(programs)) {
    const files = [[path, program], ...(await libraries(program)).map((file) => [file, file])] as const;
    for (const [target, source] of files) {
      await mkdir(join(root, dirname(target ?? "")), { recursive: true });
      await cp(source ?? "", join(root, target ?? ""), { dereference: true });
    }
  }
  const layer = join(work, "layer.tar");
  await tar(layer, root, ["."]);
  await rm(root, { recursive: true });

  const config = {
    architecture: { x64: "amd64" }[process.arch as string] ?? process.arch,
    os: "linux",
    config: { User: user, Entrypoint: entrypoint, Env: ["PATH=/usr/bin:/bin"] },
    rootfs: { type: "layers", diff_ids: [`sha256:${await digest(layer)}`] },
  };
  await writeFile(join(work, "config.json"), JSON.stringify(config));
  const manifest = [{ Config: "config.json", RepoTags: names.map(fullName), Layers: ["layer.tar"] }];
  await writeFile(join(work, "manifest.json"), JSON.stringify(manifest));
  const archive = `${work}.tar`;
  await tar(`${archive}.new`, work, ["manifest.json", "config.json", "layer.tar"]);
  await rename(`${archive}.new`, archive);
  await rm(work, { recursive: true });
  return archive;
}

/** A name in full, as containerd has it: without a registry, `mezo-node:v1` and `alpine/kubectl:1` are names in Docker Hub. */
export function fullName(name: string): string {
  const [first = "", ...others] = name.split("/");
  if (others.length === 0) return `docker.io/library/${name}`;
  return /[.:]/.test(first) || first === "localhost" ? name : `docker.io/${name}`;
}

/** The paths of the shared libraries that a program loads; none if it is statically linked. */
async function libraries(program: string): Promise<string[]> {
  try {
    const { stdout } = await execute("ldd", [program]);
    return [...stdout.matchAll(/(\/\S+) \(0x/g)].map(([, path = ""]) => path);
  } catch {
    return [];
  }
}

const tar = (file: string, folder: string, names: string[]) =>
  execute("tar", [
    ...["--create", "--file", file, "--directory", folder],
    ...["--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner"],
    ...names,
  ]);

async function digest(file: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file), hash);
  return hash.digest("hex");
}
