import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkInput } from "generators/network/schema.ts";
import { render } from "generators/render.ts";
import { application } from "tools/cluster/kubernetes/application.ts";
import { type ClusterLocation, commandsFolder } from "tools/cluster/location.ts";
import { afterAll, beforeAll, expect, inject } from "vitest";
import { commandsOf } from "../support/chain/runbook.ts";
import { networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { follow as followIn } from "../support/cluster/follow.ts";
import { describe, test } from "../support/cluster/own-cluster.ts";
import { type Repository, repository } from "../support/cluster/repository.ts";
import { runLiveNetwork } from "../support/cluster/run-live-network.ts";
import { uidsOf } from "../support/cluster/uids.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";
import { staging } from "../support/networks.ts";

const { cluster, kube } = await useCluster();
const name = "adopt";
const network = networkOf(cluster, name, {
  ...(staging as NetworkInput),
  name,
  namespace: name,
  argocd: { repoURL: cluster.repoURL, revision: name },
});
const app = application(kube, `mezo-${name}`);
const nodes = network.validators.map(({ moniker }) => moniker);
const home = mkdtempSync(join(tmpdir(), "adopt-"));
afterAll(() => rmSync(home, { recursive: true, force: true }));

describe("docs/runbooks/adopt.md, over the live objects", () => {
  let clone: Repository;
  let commit: string;

  beforeAll(async () => {
    const remove = await prepareNamespace(kube, cluster, network);
    await runLiveNetwork(kube, cluster, name, "apply");
    clone = repository(cluster, name);
    commit = clone.push(render([{ network }]));
    return remove;
  });

  /** Runs a step's commands with this network's names, in a checkout; returns what they print. */
  async function follow(heading: string): Promise<string> {
    const config = JSON.parse(readFileSync(cluster.kubeconfig, "utf8"));
    config.contexts[0].context.namespace = name;
    const kubeconfig = join(home, "kubeconfig");
    writeFileSync(kubeconfig, JSON.stringify(config));
    // Stands in for the program that encrypts: --passphrase --output <file>.
    writeFileSync(join(home, "age"), '#!/bin/sh\ncat >"$3"\n', { mode: 0o755 });
    // `argocd app diff` ends with 1 where there is a difference, as there must be.
    const argocd = 'argocd() { command argocd "$@" --auth-token none || [ "$2$?" = diff1 ]; }';
    const script = commandsOf("adopt")(heading)
      .replaceAll("mezo-staging", `mezo-${name}`)
      .replace("--namespace default", `--namespace ${name}`);
    const commands = commandsFolder(inject("location") as ClusterLocation);
    return followIn(heading, ["bash", "-euo", "pipefail", "-c", `${argocd}\n${script}`], {
      cwd: clone.folder,
      env: { PATH: `${home}:${commands}:/usr/bin:/bin`, HOME: home, TMPDIR: home, KUBECONFIG: kubeconfig },
    });
  }

  const ids = (kind: string) => uidsOf(kube, "v1", kind, name);
  /** The validators whose pods are not those from before. */
  const renewed = async (before: Record<string, string>) => {
    const now = await ids("Pod");
    return nodes.filter((node) => now[`${node}-0`] !== before[`${node}-0`]);
  };
  const rolledOut = async () =>
    (await kube.list("v1", "ConfigMap", name)).filter(({ metadata }) => /^mezo-gate-\d-done$/.test(metadata.name));
  const gates = () => kube.list("batch/v1", "Job", name);

  test("looking saves the Secrets, names what runs, and changes nothing", async () => {
    const before = await ids("Pod");
    await follow("1. Save what the cluster alone has");
    const saved = readFileSync(join(home, `mezo-${name}-secrets.yaml.age`), "utf8");
    for (const node of nodes) expect(saved).toContain(`name: ${node}-keystore`);
    const images = await follow("2. Pin what runs");
    for (const node of nodes) expect(images).toMatch(new RegExp(`^${node}-0 +\\S+/mezo-node:latest *$`, "m"));
    expect(await follow("3. See who wrote the objects")).toMatch(/manager: kubectl-client-side-apply$/m);
    const placed = await follow("4. See where the volumes are");
    for (const node of nodes) expect(placed).toContain(`mezo-node-data-${node}-0`);

    const differences = await follow("5. Let Argo CD look, and do nothing");
    expect(differences).toMatch(/> +priorityClassName: /);
    const { spec, status, operation } = await app.read();
    expect(spec.syncPolicy.automated).toMatchObject({ enabled: false });
    expect([operation, status.operationState, status.sync.status]).toEqual([undefined, undefined, "OutOfSync"]);
    expect(await ids("Pod")).toEqual(before);
  });

  test("everything but the validators restarts none of them, and no gate takes them for rolled out", async () => {
    const before = await ids("Pod");
    await follow("7. Everything but the validators");
    expect(await renewed(before)).toEqual([]);
    const { spec } = await kube.get({ apiVersion: "v1", kind: "Service", name: "mezo-node-0", namespace: name });
    expect(spec.externalTrafficPolicy).toBe("Local");
    expect([await rolledOut(), await gates()]).toEqual([[], []]);
  });

  test("then one validator alone gets its new pod, on its own volume", async () => {
    const [before, claims] = [await ids("Pod"), await ids("PersistentVolumeClaim")];
    await follow("8. One validator, and an hour");
    expect(await renewed(before)).toEqual(["mezo-node-4"]);
    expect(await ids("PersistentVolumeClaim")).toEqual(claims);
    expect([await rolledOut(), await gates()]).toEqual([[], []]);
  });

  test("and the rest behind their gates; from then on the cluster follows git", async () => {
    const [before, claims] = [await ids("Pod"), await ids("PersistentVolumeClaim")];
    await follow("9. The rest, and from then on by push");
    await app.synced(commit);
    await app.healthy();
    expect(await renewed(before)).toEqual(nodes.filter((node) => node !== "mezo-node-4"));
    expect(await ids("PersistentVolumeClaim")).toEqual(claims);
    expect([(await gates()).length, (await rolledOut()).length]).toEqual([5, 5]);
    expect((await app.read()).spec.syncPolicy.automated).toMatchObject({ enabled: true, selfHeal: true });
  });
});
