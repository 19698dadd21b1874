import { type Fact, factOf, type KubeObject } from "../lib/cluster/api.ts";
import { error, ok, type Verdict, warning } from "../lib/verdict.ts";
import { parseCertificate, validity } from "../seal/certificate.ts";
import { fetchCertificate } from "../seal/controller.ts";
import { certificateFile, readKeystoresFolder } from "../seal/keystores-folder.ts";
import type { Subject } from "./subject.ts";

export interface SealingFacts {
  /** The certificate that the network's keys are sealed for, in PEM; undefined where nothing is sealed. */
  committed: string | undefined;
  /** The controller's newest certificate, in PEM. */
  controllers: Fact<string>;
  /** The SealedSecrets in the cluster, each with whether the controller opened it; undefined where it has not looked. */
  live: Fact<{ name: string; isOpen: boolean | undefined }[]>;
}

export async function collectSealing({ root, network, api, controller }: Subject): Promise<SealingFacts> {
  const path = `/apis/bitnami.com/v1alpha1/namespaces/${network.namespace}/sealedsecrets`;
  const [controllers, live] = await Promise.all([
    factOf(fetchCertificate(api.config, controller).then(({ pem }) => pem)).catch((error) => ({
      unknown: error.message,
    })),
    factOf(api.request(path).then(({ items }) => items.map(openness))),
  ]);
  return {
    committed: readKeystoresFolder(root, network.name).get(certificateFile(network.name)),
    controllers,
    live,
  };
}

function openness({ metadata, status }: KubeObject) {
  const synced = status?.conditions?.find(({ type }: KubeObject) => type === "Synced");
  return { name: metadata.name, isOpen: synced && synced.status === "True" };
}

/** Whether the controller opens what is sealed, and what is sealed next is sealed for it. */
export function judgeSealing({ committed, controllers, live }: SealingFacts, now = new Date()): Verdict[] {
  const about = "sealing";
  const verdicts = judgeLive(live);
  if (committed === undefined) {
    return [
      ...verdicts,
      warning(
        about,
        "is still to be done: nothing is sealed for this network",
        "Follow docs/operating.md, Seal for the first time.",
      ),
    ];
  }
  if ("unknown" in controllers) {
    return [
      ...verdicts,
      warning(
        about,
        `can't be compared with the controller (${controllers.unknown})`,
        "Name the controller with --controller.",
      ),
    ];
  }
  const [ours, theirs] = [parseCertificate(committed), parseCertificate(controllers.value)];
  const ends = validity(theirs, now);
  if (ends)
    verdicts.push(
      (ends.isOver ? error : warning)(
        about,
        `is by a certificate that ${ends.message}`,
        "Rotate it: docs/operating.md, Rotate the certificate.",
      ),
    );
  if (ours.fingerprint === theirs.fingerprint)
    return [...verdicts, ok(about, "is for the controller's own certificate")];
  const opens = "value" in live && live.value.length > 0 && live.value.every(({ isOpen }) => isOpen);
  const says = "is for another certificate than the controller's newest";
  return [
    ...verdicts,
    opens
      ? warning(
          about,
          `${says}; it still has the key that opens what is sealed`,
          "Rotate: docs/operating.md, Rotate the certificate.",
        )
      : error(
          about,
          `${says}, and nothing shows that it has the key`,
          "Restore its keys from the backup, or pnpm seal --rotate.",
        ),
  ];
}

function judgeLive(live: SealingFacts["live"]): Verdict[] {
  if ("unknown" in live) return [];
  return live.value
    .filter(({ isOpen }) => isOpen === false)
    .map(({ name }) =>
      error(
        "sealing",
        `leaves SealedSecret ${name} closed: the controller can't open it`,
        `See kubectl describe sealedsecret ${name}.`,
      ),
    );
}
