import { scriptsFolder } from "generators/components/validator/volumes.ts";
import { scriptsName } from "generators/network/names.ts";
import { quantityValue } from "generators/network/quantity.ts";
import type { Network } from "generators/network/schema.ts";
import { hashed, optional, type Shape, text } from "../shape.ts";

// The user that distroless images call nonroot, as which the node's image runs.
const uid = 65532;

/** What every pod says of itself: it has no token, and the rights of the restricted standard. */
export const restrictedPod = {
  automountServiceAccountToken: false,
  enableServiceLinks: false,
  securityContext: {
    runAsNonRoot: true,
    runAsUser: uid,
    runAsGroup: uid,
    fsGroup: uid,
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
  },
} satisfies Shape;

/** What every container says of itself. */
export const restrictedContainer = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
} satisfies Shape;

/**
 * Requests and limits of a container: memory is bounded by what it asked for. There is no limit of CPU, because a throttled
 * node votes late, and none of ephemeral storage, because it evicts.
 */
export const resources = (cpu: string, memory: string, disk: string) => ({
  requests: { cpu, memory, "ephemeral-storage": disk },
  limits: { memory },
});

/** What a container takes that runs mezod as a client. */
export const clientResources = resources("100m", "512Mi", "256Mi");

export const tmp = { mount: { name: "tmp", mountPath: "/tmp" }, volume: { name: "tmp", emptyDir: {} } };

/** Nine tenths of the memory: Go's collector works harder before the kernel kills the node. */
export const goLimit = (memory: string) => `${Math.floor((quantityValue(memory) * 9) / 10 / 2 ** 20)}MiB`;

/** How a Prometheus that reads annotations finds CometBFT's metrics; undefined where another one collects them. */
export const scrapedBy = ({ monitoring, ports }: Network) =>
  monitoring?.kind === "annotations"
    ? {
        "prometheus.io/scrape": "true",
        "prometheus.io/port": String(ports.metrics),
        "prometheus.io/path": "/metrics",
      }
    : undefined;

/** What only a sealed network has: annotations that change with the sealed content, each once its Secret is sealed. */
export const checksums = (...names: readonly string[]) => optional(checksumsOf(names));

/** The same checksums beside other annotations, which must be there. */
export const checksumsBeside = (more: Readonly<Record<string, string>>, ...names: readonly string[]) => ({
  ...checksumsOf(names),
  ...more,
});

const checksumsOf = (names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [`checksum/${name}`, optional(sha256)]));

const sha256 = text(/^[0-9a-f]{64}$/, "a SHA-256 in hex");

/** The scripts, all of them, where the commands of pods find them. */
export const scripts = (network: Network) => ({
  mount: { name: "scripts", mountPath: scriptsFolder, readOnly: true },
  volume: { name: "scripts", configMap: { name: hashed(scriptsName(network)), defaultMode: 0o440 } },
});

/** The command that runs one of the scripts. */
export const script = (file: string) => ["/bin/sh", `${scriptsFolder}/${file}`];

/** The image of a release. */
export const imageOf = ({ repository, tag, digest }: Network["image"]) =>
  digest ? `${repository}@${digest}` : `${repository}:${tag}`;

/** The image that a network names for all: what forks the chain later runs at once. */
export const networkImage = ({ image, upgrade }: Network) =>
  imageOf(upgrade && "before" in upgrade ? { ...upgrade, repository: image.repository } : image);

/** The image of a validator: that of a staged upgrade where it takes part in one. */
export function imageOfValidator(network: Network, index: number): string {
  const { image, stagedUpgrade } = network;
  const isStaged = stagedUpgrade?.validators.includes(index);
  return isStaged ? imageOf({ ...stagedUpgrade, repository: image.repository }) : networkImage(network);
}
