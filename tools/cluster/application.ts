import type { Kube, KubeObject } from "./kube.ts";
import { eventually } from "./wait.ts";

const apiVersion = "argoproj.io/v1alpha1";
const refreshKey = "argocd.argoproj.io/refresh";

/** An Argo CD Application that a test watches and steers. */
export function application(kube: Kube, name: string) {
  const reference = { apiVersion, kind: "Application", name, namespace: "argocd" };
  const read = async (): Promise<KubeObject> => (await kube.get(reference)) ?? {};
  const self = {
    reference,
    read,

    /** Waits until that commit is applied, all of it, and the operation that did it has ended. */
    synced: (commit: string, seconds = 60): Promise<KubeObject> =>
      eventually(
        async () => {
          const app = await read();
          const { sync, operationState } = app.status ?? {};
          const isDone =
            sync?.status === "Synced" &&
            sync.revision === commit &&
            operationState?.phase === "Succeeded" &&
            operationState.syncResult?.revision === commit;
          if (!isDone) throw new Error(summary(app));
          return app;
        },
        seconds,
        `sync of ${name} to ${commit.slice(0, 7)}`,
      ),

    /** Waits until a condition of the Application holds. */
    until: (what: string, holds: (app: KubeObject) => unknown | Promise<unknown>, seconds = 60): Promise<KubeObject> =>
      eventually(
        async () => {
          const app = await read();
          if (!(await holds(app))) throw new Error(summary(app));
          return app;
        },
        seconds,
        `${name}: ${what}`,
      ),

    healthy: (seconds = 60) => self.until("Healthy", ({ status }) => status?.health?.status === "Healthy", seconds),

    /** Asks for a comparison with the cluster, also where an earlier request still waits for its answer. */
    async requestRefresh(type: "normal" | "hard" = "normal"): Promise<void> {
      for (const value of [null, type]) {
        await kube.patch(reference, { metadata: { annotations: { [refreshKey]: value } } });
      }
    },

    /**
     * Compares with the cluster anew, from the repository on; the Application once that is done. Argo CD was seen to
     * leave one request in hundreds unanswered, without a trace in its state, so it is asked once more, and said.
     */
    async refresh(type: "normal" | "hard" = "normal"): Promise<KubeObject> {
      const answer = async () => {
        await self.requestRefresh(type);
        return self.until("refreshed", ({ metadata }) => !metadata.annotations?.[refreshKey]);
      };
      return answer().catch((error: Error) => {
        console.warn(`${error.message}\nAsking for the ${type} refresh again`);
        return answer();
      });
    },
  };
  return self;
}

export type Application = ReturnType<typeof application>;

/** What an Application's state comes to, for a message. */
function summary({ status, operation }: KubeObject): string {
  if (!status) return "there is no such Application, or nothing has looked at it";
  const { sync, health, operationState, conditions = [], resources = [] } = status;
  const out = resources.filter(
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
    resources: out.map(({ kind, name, status, health }: KubeObject) => [
      kind,
      name,
      status,
      health?.status,
      health?.message,
    ]),
  });
}
