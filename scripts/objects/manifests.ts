import { podIndexLabel } from "generators/network/keyless.ts";
import { waveAnnotation } from "generators/network/rollout.ts";
import { OperatorError } from "generators/operator-error.ts";
import type { StatefulSet } from "kubernetes-types/apps/v1.js";
import type { PodTemplateSpec } from "kubernetes-types/core/v1.js";
import { parseAllDocuments } from "yaml";

/** Any Kubernetes object, as YAML has it. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
}

/** A workload and the pods that it makes. */
export interface Workload {
  manifest: Manifest;
  template: PodTemplateSpec;
  /** The field that the template is. */
  at: string;
}

/**
 * The objects of a YAML stream.
 *
 * @throws {OperatorError} when it does not parse.
 */
export function parseManifests(yaml: string): Manifest[] {
  // Pretty errors take several lines, and quote text that may be a secret's.
  return parseAllDocuments(yaml, { prettyErrors: false }).flatMap((document) => {
    const [error] = document.errors;
    if (error) throw new OperatorError(`not YAML: ${error.message}`);
    return document.contents === null ? [] : [document.toJS() as Manifest];
  });
}

/**
 * The Argo CD sync wave that an object is in. Argo CD reads decimal digits with an optional sign, and takes everything
 * else for 0: "0x1" and "1e1" too.
 */
export function waveOf({ metadata }: Manifest): number {
  const text = metadata.annotations?.[waveAnnotation] ?? "";
  return /^[+-]?\d+$/.test(text) ? Number(text) : 0;
}

/** What the API server takes for one object: its group without the version, its kind, namespace and name. */
export const identity = ({ apiVersion, kind, metadata: { namespace = "", name } }: Manifest) =>
  [apiVersion.includes("/") ? apiVersion.split("/")[0] : "", kind, namespace, name].join("/");

/** Whether Argo CD makes an object anew with each sync, instead of keeping it as it is. */
export const isHook = ({ metadata: { annotations = {} } }: Manifest) =>
  annotations["argocd.argoproj.io/hook"] !== undefined || annotations["helm.sh/hook"] !== undefined;

/** The objects of one kind; the caller gives their type. */
export const ofKind = <T = Manifest>(manifests: readonly Manifest[], kind: string) =>
  manifests.filter((manifest) => manifest.kind === kind) as (Manifest & T)[];

/** The object of a kind and name in the namespace of another object. */
export const sibling = <T = Manifest>(manifests: readonly Manifest[], of: Manifest, kind: string, name: string) =>
  ofKind<T>(manifests, kind).find(
    ({ metadata }) => metadata.name === name && metadata.namespace === of.metadata.namespace,
  );

/** Everything that makes pods. */
export const workloads = (manifests: readonly Manifest[]): Workload[] => [
  ...["StatefulSet", "Deployment", "Job"]
    .flatMap((kind) => ofKind<{ spec: { template: PodTemplateSpec } }>(manifests, kind))
    .map((manifest) => ({ manifest, template: manifest.spec.template, at: "spec.template" })),
  ...ofKind<{ spec: { jobTemplate: { spec: { template: PodTemplateSpec } } } }>(manifests, "CronJob").map(
    (manifest) => ({ manifest, template: manifest.spec.jobTemplate.spec.template, at: cronJobTemplate }),
  ),
];

const cronJobTemplate = "spec.jobTemplate.spec.template";

/** Workloads in an object's namespace of whose pods some have all of the labels; without labels, all workloads. */
export const selected = (manifests: readonly Manifest[], of: Manifest, labels: Record<string, string> = {}) =>
  workloads(manifests).filter(
    ({ manifest, template }) =>
      manifest.metadata.namespace === of.metadata.namespace &&
      Object.entries(labels).every(([key, value]) =>
        key === podIndexLabel ? hasPod(manifest, Number(value)) : template.metadata?.labels?.[key] === value,
      ),
  );

/** Whether a workload has a pod of a number, by which Kubernetes labels those of StatefulSets. */
function hasPod(manifest: Manifest, index: number): boolean {
  const { ordinals, replicas = 1 } = (manifest as Manifest & StatefulSet).spec ?? {};
  const first = ordinals?.start ?? 0;
  return manifest.kind === "StatefulSet" && index >= first && index < first + replicas;
}

/** Whether labels in an object's namespace select a workload's pods. */
export const selects = (
  manifests: readonly Manifest[],
  of: Manifest,
  labels: Record<string, string> | undefined,
  workload: Manifest,
) => selected(manifests, of, labels).some(({ manifest }) => manifest === workload);

/** All containers of a pod, each with its field. */
export const containers = ({ template: { spec }, at }: Pick<Workload, "template" | "at">) => [
  ...(spec?.initContainers ?? []).map((container, i) => ({ container, field: `${at}.spec.initContainers[${i}]` })),
  ...(spec?.containers ?? []).map((container, i) => ({ container, field: `${at}.spec.containers[${i}]` })),
];

/** Volume sources of a pod, each with its field: those of its volumes, and those that a projected volume gathers. */
export const volumeSources = ({ template: { spec }, at }: Pick<Workload, "template" | "at">) =>
  (spec?.volumes ?? []).flatMap((volume, i) => {
    const field = `${at}.spec.volumes[${i}]`;
    const { secret, configMap, projected } = volume;
    const own = { configMap, secret: secret && { ...secret, name: secret.secretName } };
    const gathered = (projected?.sources ?? []).map((source, j) => ({
      source,
      field: `${field}.projected.sources[${j}]`,
    }));
    return [{ source: own, field }, ...gathered];
  });
