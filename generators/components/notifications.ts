import type { ConfigMap } from "kubernetes-types/core/v1.js";
import type { Network } from "../network/schema.ts";

/** What people are told of an Application: by Argo CD's own notifications, when it is so, once for each commit. */
const told: Record<string, { when: string; oncePer?: string; message: string }> = {
  "network-sync-failed": {
    when: "app.status.operationState != nil and app.status.operationState.phase in ['Error', 'Failed']",
    oncePer: "app.status.operationState.syncResult.revision",
    message: "The sync of {{.app.metadata.name}} failed: {{.app.status.operationState.message}}",
  },
  "network-sync-waits": {
    when: "app.status.operationState != nil and app.status.operationState.phase == 'Running' and time.Now().Sub(time.Parse(app.status.operationState.startedAt)).Minutes() >= 30",
    oncePer: "app.status.operationState.startedAt",
    message:
      "A sync of {{.app.metadata.name}} has run for half an hour, and takes up no new commit: {{.app.status.operationState.message}}",
  },
  "network-degraded": {
    when: "app.status.health.status == 'Degraded'",
    message: "An object of {{.app.metadata.name}} does not work. `argocd app get {{.app.metadata.name}}` says which.",
  },
  "network-deployed": {
    when: "app.status.operationState != nil and app.status.operationState.phase == 'Succeeded' and app.status.health.status == 'Healthy'",
    oncePer: "app.status.sync.revision",
    message: "{{.app.metadata.name}} runs commit {{.app.status.sync.revision}}.",
  },
};

/** The subscriptions of a network's Application to all of these, as annotations. */
export const subscriptions = ({ argocd }: Network): Record<string, string> =>
  Object.fromEntries(
    argocd?.notifications
      ? Object.keys(told).map((trigger) => [
          `notifications.argoproj.io/subscribe.${trigger}.${argocd.notifications?.service}`,
          argocd.notifications?.recipient ?? "",
        ])
      : [],
  );

/**
 * Triggers and templates, in the ConfigMap that Argo CD reads. `kubectl apply` leaves the keys that are others' as they
 * are: the services, with their tokens in a Secret, are for Argo CD's own operator.
 */
export const notificationsConfig = (namespace: string): ConfigMap => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "argocd-notifications-cm", namespace, labels: { "app.kubernetes.io/part-of": "argocd" } },
  data: Object.fromEntries(
    Object.entries(told).flatMap(([name, { when, oncePer, message }]) => [
      [`trigger.${name}`, JSON.stringify([{ when, ...(oncePer && { oncePer }), send: [name] }])],
      [`template.${name}`, JSON.stringify({ message })],
    ]),
  ),
});
