import { OperatorError } from "generators/operator-error.ts";
import { go } from "../build/go.ts";

/** A Go module at one version. `sum` is what `go mod download -json <path>@<version>` prints as Sum. */
export interface Module {
  path: string;
  version: string;
  sum: string;
}

/**
 * Where the schemas of the built-in kinds come from: the oldest and the newest Kubernetes that this network may run on.
 * The sums are here and not in a go.sum because one go.mod cannot require two versions of a module, and because
 * `go mod download` accepts a module that go.sum does not list.
 */
export const kubernetes = {
  "1.33.13": { path: "k8s.io/kubernetes", version: "v1.33.13", sum: "h1:bmH31xUdSzeA5vk0wZAK9MZp11mdLuzUSeKk0qN3hPQ=" },
  "1.37.2": { path: "k8s.io/kubernetes", version: "v1.37.2", sum: "h1:A2VDEiObzkYqFTKhSsn0ZEb0RlLEXpHWj93gi2HqEwE=" },
} satisfies Record<string, Module>;

/** Where the CustomResourceDefinitions outside tools/crds come from. */
export const crdSources: { module: Module; files: string[] }[] = [
  {
    module: {
      path: "github.com/bitnami-labs/sealed-secrets",
      version: "v0.40.0",
      sum: "h1:rvCP35JL8ZV5LNA2SrwNR6iLyoM3ulrSFWN0lBtYEYI=",
    },
    files: ["helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml"],
  },
  {
    module: {
      path: "github.com/argoproj/argo-cd/v3",
      version: "v3.5.7",
      sum: "h1:Xm1BF+I5OgDKUG3SDK49vn2/Y5AMyaNVko+/JT08gj0=",
    },
    files: ["manifests/crds/application-crd.yaml", "manifests/crds/appproject-crd.yaml"],
  },
  {
    module: {
      path: "github.com/prometheus-operator/prometheus-operator",
      version: "v0.85.0",
      sum: "h1:M5xLCLEoaW2IJfnuCwFzzpL+jSVQu3KGT84Pye+fW8s=",
    },
    files: ["podmonitors", "prometheusrules"].map(
      (name) => `example/prometheus-operator-crd/monitoring.coreos.com_${name}.yaml`,
    ),
  },
  {
    module: {
      path: "github.com/kubernetes-csi/external-snapshotter/client/v8",
      version: "v8.7.0",
      sum: "h1:HVaSUeRRHPu49aSiL8eXOjS9Re9G6pM0NzdTGI7mM14=",
    },
    files: ["volumesnapshotclasses", "volumesnapshotcontents", "volumesnapshots"].map(
      (name) => `config/crd/snapshot.storage.k8s.io_${name}.yaml`,
    ),
  },
];

/**
 * The folder with a module's files.
 *
 * @throws {OperatorError} when Go is missing, the download fails, or the module's checksum is not the pinned one.
 */
export async function moduleDir({ path, version, sum }: Module, signal: AbortSignal): Promise<string> {
  const printed = await go(["mod", "download", "-json", `${path}@${version}`], { cwd: import.meta.dirname, signal });
  const { Dir, Sum } = JSON.parse(printed) as { Dir: string; Sum: string };
  if (Sum !== sum) {
    throw new OperatorError(`checksum mismatch: ${path} ${version} is ${Sum}; tools/schemas/modules.ts pins ${sum}`);
  }
  return Dir;
}
