import type { Kube, KubeObject } from "../kubernetes/client.ts";
import { sealedSecretsName, sealedSecretsNamespace } from "../parts/sealed-secrets.ts";
import { eventually } from "../wait.ts";

/** The image of the SealedSecrets controller. */
export const controllerImage = "sealed-secrets-controller:local";

const metadata = { name: sealedSecretsName, namespace: sealedSecretsNamespace };
const labels = { app: sealedSecretsName };
const port = 8080;
const rbac = "rbac.authorization.k8s.io/v1";

// The permissions that its Helm chart gives it.
const rules = [
  { apiGroups: ["bitnami.com"], resources: ["sealedsecrets"], verbs: ["get", "list", "watch"] },
  { apiGroups: ["bitnami.com"], resources: ["sealedsecrets/status"], verbs: ["update"] },
  { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "create", "update", "delete", "watch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
  { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
];

const objects: KubeObject[] = [
  { apiVersion: "v1", kind: "ServiceAccount", metadata },
  { apiVersion: rbac, kind: "ClusterRole", metadata: { name: sealedSecretsName }, rules },
  {
    apiVersion: rbac,
    kind: "ClusterRoleBinding",
    metadata: { name: sealedSecretsName },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: sealedSecretsName },
    subjects: [{ kind: "ServiceAccount", ...metadata }],
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata,
    spec: { selector: labels, ports: [{ name: "http", port, targetPort: "http" }] },
  },
  {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: sealedSecretsName,
          containers: [
            {
              name: "controller",
              image: controllerImage,
              imagePullPolicy: "Never",
              env: [{ name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } }],
              ports: [{ name: "http", containerPort: port }],
              readinessProbe: { httpGet: { path: "/readyz", port: "http" }, periodSeconds: 1 },
              securityContext: { readOnlyRootFilesystem: true },
            },
          ],
        },
      },
    },
  },
];

/** Runs the SealedSecrets controller as a pod, and waits until it serves. */
export async function deploySealedSecrets(kube: Kube): Promise<void> {
  for (const object of objects) await kube.apply(object);
  const deployment = { apiVersion: "apps/v1", kind: "Deployment", ...metadata };
  await eventually(async () => (await kube.get(deployment))?.status?.readyReplicas, 60, sealedSecretsName);
}
