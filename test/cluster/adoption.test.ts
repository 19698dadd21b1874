import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NetworkInput } from "generators/network/schema.ts";
import { type KubeObject, referenceTo } from "tools/cluster/kubernetes/client.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect, test } from "vitest";
import { changedFields } from "../support/cluster/changed-fields.ts";
import { build, type Deployed, deploy, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { liveNetwork } from "../support/cluster/live-network.ts";
import { longTests } from "../support/cluster/long-tests.ts";
import { missingFields } from "../support/cluster/missing-fields.ts";
import * as ownCluster from "../support/cluster/own-cluster.ts";
import { runLiveNetwork } from "../support/cluster/run-live-network.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";
import { staging } from "../support/networks.ts";

const { describe } = longTests(2, ownCluster);

const { cluster, kube } = await useCluster();

/** What must not change: by kind and name, an object's uid and the volume that a claim is bound to. */
type Identities = Record<string, string>;

// A field's manager decides what a later client may remove. docs/runbooks/adopt.md names the annotation.
const migrationAnnotation = "argocd.argoproj.io/client-side-apply-migration-manager";
describe.each<["apply" | "create", Record<string, string>]>([
  ["apply", {}],
  ["create", { [migrationAnnotation]: "kubectl-create" }],
])("objects that `kubectl %s` created", (verb, annotations) => {
  const name = `adoption-${verb}`;
  const network = networkOf(cluster, name, {
    ...(staging as NetworkInput),
    name,
    namespace: name,
    argocd: { repoURL: cluster.repoURL, revision: name },
  });
  let deployed: Deployed;
  let before: Identities;
  let live: KubeObject[];
  let traffic: Traffic;

  beforeAll(async () => {
    const remove = await prepareNamespace(kube, cluster, network);
    await runLiveNetwork(kube, cluster, name, verb);
    before = await identities(name);
    await eventually(
      async () => Object.values(await trafficOf(name)).every(hasAddress),
      60,
      "an address of each Service",
    );
    traffic = await trafficOf(name);
    live = await Promise.all(liveNetwork(name).map((object) => kube.get(referenceTo(object))));
    deployed = await deploy(kube, cluster, { network });
    await kube.patch(deployed.app.reference, { metadata: { annotations } });
    return remove;
  });

  test("the live network has everything that must survive", () => {
    expect(Object.keys(before).filter((each) => each.startsWith("PersistentVolumeClaim"))).toEqual(
      [0, 1, 2, 3, 4].map((i) => `PersistentVolumeClaim mezo-node-data-mezo-node-${i}-0`),
    );
    for (const [name, identity] of Object.entries(before)) {
      if (name.startsWith("PersistentVolumeClaim")) expect(identity).toMatch(/ volume-/);
    }
  });

  test("a sync over them succeeds: it changes no immutable field, and replaces no object", async () => {
    const commit = deployed.push({ network });
    const { status } = await deployed.app.synced(commit, 120);
    expect(status.operationState.syncResult.resources.filter((each: KubeObject) => each.status !== "Synced")).toEqual(
      [],
    );
    await deployed.app.healthy();
    expect(await identities(name)).toMatchObject(before);
  });

  test("no Service changes its port, address or pods, and load balancers leave the addresses of peers as they are", async () => {
    const after = await trafficOf(name);
    expect(Object.keys(traffic)).toHaveLength(7);
    for (const [service, was] of Object.entries(traffic)) expect(after[service]).toEqual(was);
    for (const { metadata, spec } of await kube.list("v1", "Service", name)) {
      const policy = spec.type === "LoadBalancer" ? "Local" : undefined;
      expect([metadata.name, spec.externalTrafficPolicy]).toEqual([metadata.name, policy]);
    }
  });

  test("docs/runbooks/adopt.md names every field that changes, and none is a port, an address, a selector or a volume", async () => {
    const changes = await Promise.all(
      live.map(async (was) =>
        changedFields(was, await kube.get(referenceTo(was))).map((field) =>
          `${was.kind} ${was.metadata.name} ${field}`
            .replaceAll(/mezo-node-\d/g, "mezo-node-<i>")
            .replaceAll(/[0-9a-f]{40}/g, "<address>"),
        ),
      ),
    );
    const changed = [...new Set(changes.flat())].sort();
    expect(changed).toEqual(listed());
    expect(changed.filter((field) => kept.test(field))).toEqual([]);
  });

  test("every rendered field is live, and no former port, container, volume or variable is left", async () => {
    const objects = await build(deployed.repository.folder, name);
    const differences = await Promise.all(
      objects.map(async (object) => {
        const live = await kube.get(referenceTo(object));
        const lacking = missingFields(object, live).map((path) => `lacks ${path}`);
        return [...lacking, ...additions(object, live)].map(
          (what) => `${object.kind} ${object.metadata.name}: ${what}`,
        );
      }),
    );
    expect(differences.flat()).toEqual([]);
  });
});

// Ports and addresses of Services and Ingresses, selectors, and claims of volumes.
const kept =
  /^Service .* spec\.(ports|selector|type|clusterIP|loadBalancer)|^Ingress .* spec|addresses|static-ip|spec\.(selector|serviceName|volumeClaimTemplates)/;

/** The fields that the runbook lists, a line each. */
function listed(): string[] {
  const page = readFileSync(resolve(import.meta.dirname, "../../docs/runbooks/adopt.md"), "utf8");
  const [, list = ""] = page.split("## What the first sync changes")[1]?.split("```\n") ?? [];
  return list.trim().split("\n").sort();
}

/** By a Service's name: where it is reached, at which ports, and to which pods it leads. */
type Traffic = Record<string, { addresses: unknown; ports: unknown; selector: unknown; type: string }>;

async function trafficOf(namespace: string): Promise<Traffic> {
  const services = await kube.list("v1", "Service", namespace);
  const ofService = ({ metadata, spec, status }: KubeObject) => {
    const ports = spec.ports.map(({ name, port, targetPort, nodePort }: KubeObject) => [
      name,
      port,
      targetPort,
      nodePort,
    ]);
    const addresses = [spec.clusterIP, ...(status.loadBalancer?.ingress ?? [])];
    return [metadata.name, { addresses, ports: ports.sort(), selector: spec.selector, type: spec.type }];
  };
  return Object.fromEntries(services.map(ofService));
}

const hasAddress = ({ addresses, type }: Traffic[string]) =>
  (addresses as unknown[]).length === (type === "LoadBalancer" ? 2 : 1);

async function identities(namespace: string): Promise<Identities> {
  const kinds = [
    ["apps/v1", "StatefulSet"],
    ["apps/v1", "Deployment"],
    ["v1", "Service"],
    ["v1", "PersistentVolumeClaim"],
    ["v1", "Secret"],
    ["networking.k8s.io/v1", "Ingress"],
    ["cloud.google.com/v1", "BackendConfig"],
  ];
  const lists = await Promise.all(kinds.map(([apiVersion = "", kind = ""]) => kube.list(apiVersion, kind, namespace)));
  return Object.fromEntries(
    lists
      .flat()
      .map(({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, `${metadata.uid} ${spec?.volumeName ?? ""}`]),
  );
}

/** Named entries of an object's lists that are live but not rendered. */
function additions(rendered: KubeObject, live: KubeObject): string[] {
  const pod = (object: KubeObject) => object.spec?.template?.spec ?? {};
  const lists: [string, (object: KubeObject) => KubeObject[]][] = [
    ["port", ({ kind, spec }) => (kind === "Service" ? spec.ports : [])],
    ["init container", (object) => pod(object).initContainers ?? []],
    ["container", (object) => pod(object).containers ?? []],
    ["volume", (object) => pod(object).volumes ?? []],
    ["mount", (object) => pod(object).containers?.[0].volumeMounts ?? []],
    ["variable", (object) => pod(object).containers?.[0].env ?? []],
  ];
  return lists.flatMap(([what, list]) => {
    const names = list(rendered).map(({ name }) => name);
    return list(live)
      .filter(({ name }) => !names.includes(name))
      .map(({ name }) => `${what} ${name}`);
  });
}
