import { generateKeyPairSync, randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ClusterLocation } from "../location.ts";
import { kubeletUser } from "../node/addresses.ts";

// The users of the API server, by its own names for them.
const users = {
  admin: { group: "system:masters" },
  "system:kube-controller-manager": { group: "" },
  "system:kube-scheduler": { group: "" },
  // In a pod it would have a service account, whose ClusterRole allows everything, too.
  "argocd-application-controller": { group: "system:masters" },
  "sealed-secrets-controller": { group: "system:masters" },
  // Those of a real node, where there is one.
  [kubeletUser]: { group: "system:nodes" },
  "system:kube-proxy": { group: "" },
  coredns: { group: "system:masters" },
  "local-path-provisioner": { group: "system:masters" },
  "network-policies": { group: "system:masters" },
  "csi-provisioner": { group: "system:masters" },
  "csi-snapshotter": { group: "system:masters" },
  "snapshot-controller": { group: "system:masters" },
};
export type User = keyof typeof users;

export const apiServerPort = 6443;

/** The API server's certificate. */
export const apiServerCertificate = ({ folder }: ClusterLocation) => join(folder, "pki/apiserver.crt");

/** The file with a user's token. */
export const tokenFile = ({ folder }: ClusterLocation, user: User) =>
  join(folder, `${user.replace("system:", "")}.token`);

/** A user's kubeconfig; that of an existing cluster is everybody's. */
export const kubeconfigFile = ({ folder, kubeconfig }: ClusterLocation, user: User = "admin") =>
  kubeconfig ?? join(folder, `${user.replace("system:", "")}.kubeconfig`);

/** The public and private key of service accounts, and the list of tokens, all of which the API server reads. */
export const serviceAccountKeys = ({ folder }: ClusterLocation) => ({
  publicKey: join(folder, "service-account.pub"),
  privateKey: join(folder, "service-account.key"),
});
export const tokensFile = ({ folder }: ClusterLocation) => join(folder, "tokens.csv");

/** Writes the keys of service accounts, and a token and a kubeconfig for each user. */
export function writeCredentials(location: ClusterLocation): void {
  const files = serviceAccountKeys(location);
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(files.privateKey, privateKey.export({ type: "pkcs8", format: "pem" }));
  writeFileSync(files.publicKey, publicKey.export({ type: "spki", format: "pem" }));
  const rows = Object.entries(users).map(([user, { group }]) => {
    const token = writeToken(location, user as User);
    return `${token},${user},${user}${group && `,${group}`}\n`;
  });
  writeFileSync(tokensFile(location), rows.join(""));
}

function writeToken(location: ClusterLocation, user: User): string {
  const token = randomBytes(16).toString("hex");
  writeFileSync(tokenFile(location, user), token);
  const cluster = {
    server: `https://${location.address}:${apiServerPort}`,
    "certificate-authority": apiServerCertificate(location),
  };
  const name = "mezo-cluster";
  const kubeconfig = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster }],
    users: [{ name: user, user: { token } }],
    contexts: [{ name, context: { cluster: name, user } }],
  };
  writeFileSync(kubeconfigFile(location, user), JSON.stringify(kubeconfig, null, 2));
  return token;
}
