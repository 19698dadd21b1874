import type { Manifest } from "./manifests.ts";

/** Argo CD's AppProject, as far as rules ask for it. */
export type AppProject = Manifest & {
  spec: {
    sourceRepos?: string[];
    destinations?: Destination[];
    clusterResourceWhitelist?: AllowedKind[];
    namespaceResourceWhitelist?: AllowedKind[];
  };
};

/** Argo CD's Application, as far as rules ask for it. */
export type Application = Manifest & {
  metadata: { finalizers?: string[] };
  spec: {
    project: string;
    source?: { repoURL?: string; path?: string };
    destination?: Destination;
    ignoreDifferences?: unknown[];
    syncPolicy?: { automated?: Record<string, unknown>; syncOptions?: string[] };
  };
};

interface Destination {
  name?: string;
  server?: string;
  namespace?: string;
}

interface AllowedKind {
  group?: string;
  kind: string;
}
