// A program: a cluster, from nothing until it is told to end. Its standard input is the string that it hangs on: when
// whoever started it ends, however that is, the string is cut and the cluster goes. "stay" on it means to go on without.
// Its argument says where the cluster is to be; its standard output says when it is ready.
import { rm } from "node:fs/promises";
import { argocd, argocdNamespace, argocdSettings, writeArgocdFiles } from "./argocd.ts";
import { controlPlane, kubeconfigFile, writeControlPlaneFiles } from "./control-plane.ts";
import { applyCrds } from "./crds.ts";
import { gitServer, makeRepository } from "./git.ts";
import { connect } from "./kube.ts";
import type { Place } from "./place.ts";
import { clusterPrograms } from "./programs.ts";
import { announceSealedSecrets, podNetwork, sealedSecrets } from "./sealed-secrets.ts";
import { supervise } from "./supervise.ts";
import { tunnel } from "./tunnel.ts";

const place: Place = JSON.parse(process.argv[2] ?? "");
const programs = supervise(place.folder);
let isStaying = false;
let isEnding = false;

async function end(code: number): Promise<void> {
  if (isEnding) return;
  isEnding = true;
  await programs.stop();
  await rm(place.folder, { recursive: true, force: true, maxRetries: 10 });
  process.exit(code);
}

process.stdin
  .on("data", (text) => {
    isStaying ||= String(text).startsWith("stay");
  })
  .on("end", () => {
    // As a signal, which a build that is under way hears too.
    if (!isStaying) process.kill(process.pid, "SIGTERM");
  });
process
  .on("SIGTERM", () => void end(0))
  .on("SIGINT", () => void end(0))
  .on("SIGHUP", () => {});
// Who listened may be gone.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});

try {
  await begin();
  console.log("ready");
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  await end(1);
}

async function begin(): Promise<void> {
  const built = await clusterPrograms();
  const say = (text: string) => console.error(`cluster: ${text}`);
  say("starting etcd and Kubernetes' control plane");
  writeControlPlaneFiles(place);
  writeArgocdFiles(place, built);
  makeRepository(place);
  const [etcd, apiServer, ...managers] = controlPlane(place, built.controlPlane);
  if (!etcd || !apiServer) throw new Error("no control plane");
  await programs.start(etcd);
  await programs.start(apiServer);
  tunnel(place.tunnel, podNetwork(place));
  const kube = await connect(kubeconfigFile(place));
  say("starting Argo CD and the SealedSecrets controller");
  const early = Promise.all([...managers, gitServer(place)].map((program) => programs.start(program)));
  early.catch(() => {});
  await applyCrds(kube);
  await kube.apply({ apiVersion: "v1", kind: "Namespace", metadata: { name: argocdNamespace } });
  for (const object of argocdSettings) await kube.apply(object);
  const argo = await argocd(place, built);
  await Promise.all([
    early,
    ...[...argo, sealedSecrets(place, built.sealedSecrets)].map(programs.start),
    announceSealedSecrets(kube),
  ]);
}
