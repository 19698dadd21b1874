import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { mezodPath } from "../mezod/program.ts";
import { crdFiles } from "../schemas.ts";
import { buildOnce, executable, type GoProgram, toolPath } from "../tool.ts";
import { nodeMissing } from "./node/requirements.ts";

interface Pin {
  module: string;
  /** The package, as seen from the folder. */
  main: string;
  duration: string;
  /** The folder with the go.mod, where it has another name than the program. */
  folder?: string;
}

const programs = {
  // etcd, Kubernetes' own, kubectl and a redis, by the first argument.
  "control-plane": { module: "k8s.io/kubernetes", main: ".", duration: "six minutes" },
  // Its servers, by ARGOCD_BINARY_NAME.
  "argo-cd": {
    module: "github.com/argoproj/argo-cd/v3",
    main: "github.com/argoproj/argo-cd/v3/cmd",
    duration: "six minutes",
  },
  "sealed-secrets": {
    module: "github.com/bitnami/sealed-secrets",
    main: "github.com/bitnami/sealed-secrets/cmd/controller",
    duration: "a minute",
  },
  coredns: { folder: "node", module: "github.com/coredns/coredns", main: ".", duration: "two minutes" },
  "local-path-provisioner": {
    folder: "node",
    module: "github.com/rancher/local-path-provisioner",
    main: "github.com/rancher/local-path-provisioner",
    duration: "a minute",
  },
} satisfies Record<string, Pin>;

/** Where the programs of a cluster are. */
export interface Programs {
  controlPlane: string;
  argocd: string;
  sealedSecrets: string;
  kustomize: string;
}

/**
 * The paths of all programs, each built on first use; Argo CD's can be another one, named by ARGOCD: a release has its
 * web page in it, and the source does not. Throws if Go is missing or a build fails.
 */
export async function clusterPrograms(): Promise<Programs> {
  // One after the other: each build uses every core.
  const controlPlane = await build("control-plane");
  const { ARGOCD } = process.env;
  const argocd = ARGOCD ? executable("ARGOCD", ARGOCD) : await build("argo-cd");
  const sealedSecrets = await build("sealed-secrets");
  return { controlPlane, argocd, sealedSecrets, kustomize: await toolPath("kustomize") };
}

/** The paths of those programs that a node takes, each built on first use. Throws as `clusterPrograms`. */
export const nodePrograms = async () => ({
  coredns: await build("coredns"),
  localPathProvisioner: await build("local-path-provisioner"),
});

/** Builds all that a cluster with the network `local` takes, so that none of it is built while something runs. */
export async function buildAll(): Promise<void> {
  await clusterPrograms();
  if (!nodeMissing) await nodePrograms();
  await mezodPath();
  await toolPath("kubeseal");
  await crdFiles();
}

function build(name: keyof typeof programs): Promise<string> {
  const { module, main, duration, folder: shared = name }: Pin = programs[name];
  const folder = join(import.meta.dirname, "programs", shared);
  const files = readdirSync(folder).sort();
  const pins = files.map((file) => readFileSync(join(folder, file), "utf8"));
  const version = pinned(pins[files.indexOf("go.mod")] ?? "", module);
  const program: GoProgram = { name, version, folder, main, pins, duration };
  return buildOnce(name === "control-plane" ? { ...program, ldflags: kubernetesVersion(version) } : program);
}

/** The version of a module that a go.mod requires. */
function pinned(goMod: string, module: string): string {
  const line = goMod.split("\n").find((line) =>
    line
      .replace(/^require/, "")
      .trim()
      .startsWith(`${module} v`),
  );
  const version = line?.split(" ").find((word) => /^v\d/.test(word));
  if (!version) throw new Error(`go.mod does not require ${module}`);
  return version;
}

// Kubernetes' own build sets these; without them every program claims to be v0.0.0.
function kubernetesVersion(version: string): string {
  const [, major, minor] = /^v(\d+)\.(\d+)/.exec(version) ?? [];
  const values = { gitVersion: version, gitMajor: major, gitMinor: minor };
  return Object.entries(values)
    .map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
    .join(" ");
}
