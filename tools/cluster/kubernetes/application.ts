import { eventually } from "../wait.ts";
import type { Kube, KubeObject } from "./client.ts";

const apiVersion = "argoproj.io/v1alpha1";
const approval = "argocd.argoproj.io/deletion-approved";
const refreshAnnotation = "argocd.argoproj.io/refresh";

/** An Argo CD Application, to read, await and refresh. */
export function application(kube: Kube, name: string) {
  const reference = { apiVersion, kind: "Application", name, namespace: "argocd" };
  const read = async (): Promise<KubeObject> => (await kube.get(reference)) ?? {};
  const waitFor = (what: string, seconds: number, isTrue: (app: KubeObject) => unknown): Promise<KubeObject> =>
    eventually(
      async () => {
        const app = await read();
        if (!(await isTrue(app))) throw new Error(summary(app));
        return app;
      },
      seconds,
      what,
    );

  const self = {
    reference,
    read,

    /** Waits until all of a commit is applied, and the operation that applied it has ended. */
    synced: (commit: string, seconds = 60): Promise<KubeObject> =>
      waitFor(`${name} to sync ${commit.slice(0, 7)}`, seconds, (app) => isSyncedTo(commit, app)),

    /** Waits until something is true of the Application. */
    until: (what: string, isTrue: (app: KubeObject) => unknown | Promise<unknown>, seconds = 60): Promise<KubeObject> =>
      waitFor(`${name}: ${what}`, seconds, isTrue),

    healthy: (seconds = 60) => self.until("Healthy", ({ status }) => status?.health?.status === "Healthy", seconds),

    /** Confirms that what a sync is about to prune may go. */
    confirmDeletion: () =>
      kube.patch(reference, { metadata: { annotations: { [approval]: new Date().toISOString() } } }),

    /** Asks for a comparison with the cluster, even while an earlier request has no answer. */
    async requestRefresh(type: "normal" | "hard" = "normal"): Promise<void> {
      for (const value of [null, type]) {
        await kube.patch(reference, { metadata: { annotations: { [refreshAnnotation]: value } } });
      }
    },

    /**
     * Has Argo CD read the repository and compare it with the cluster again; returns the Application once that is done.
     * Argo CD has been seen to leave one request in hundreds unanswered, without a trace in its state, so it is asked a
     * second time, with a warning.
     */
    async refresh(type: "normal" | "hard" = "normal"): Promise<KubeObject> {
      const answer = async () => {
        await self.requestRefresh(type);
        return self.until("refreshed", ({ metadata }) => !metadata.annotations?.[refreshAnnotation]);
      };
      return answer().catch((error: Error) => {
        console.warn(`${error.message}\nasking for the ${type} refresh again`);
        return answer();
      });
    },
  };
  return self;
}

export type Application = ReturnType<typeof application>;

function isSyncedTo(commit: string, { status = {} }: KubeObject): boolean {
  const { sync, operationState } = status;
  return (
    sync?.status === "Synced" &&
    sync.revision === commit &&
    operationState?.phase === "Succeeded" &&
    operationState.syncResult?.revision === commit
  );
}

/** The parts of an Application's state that explain what it waits for. */
function summary({ status, operation }: KubeObject): string {
  if (!status) return "the Application does not exist, or has no status yet";
  const { sync, health, operationState, conditions = [], resources = [] } = status;
  const unfinished = resources.filter(
    (each: KubeObject) => each.status !== "Synced" || (each.health && each.health.status !== "Healthy"),
  );
  return JSON.stringify({
    sync: sync?.status,
    revision: sync?.revision,
    health: health?.status,
    operation: operation && "waiting",
    phase: operationState?.phase,
    message: operationState?.message,
    conditions: conditions.map(({ message }: KubeObject) => message),
    resources: unfinished.map(({ kind, name, status, health }: KubeObject) => [
      kind,
      name,
      status,
      health?.status,
      health?.message,
    ]),
  });
}
