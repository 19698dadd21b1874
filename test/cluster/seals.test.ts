import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { loadSources } from "generators/load.ts";
import { readTree, type Tree } from "generators/tree.ts";
import { type KubeObject, referenceTo } from "tools/cluster/kubernetes/client.ts";
import { programIds } from "tools/cluster/process/processes.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect } from "vitest";
import { parse, stringify } from "yaml";
import { edit } from "../support/artifacts.ts";
import { run } from "../support/checkout.ts";
import { continually } from "../support/cluster/continually.ts";
import { type Deployed, deploy, makeNamespace } from "../support/cluster/deployment.ts";
import { longTests } from "../support/cluster/long-tests.ts";
import * as ownCluster from "../support/cluster/own-cluster.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";
import {
  copyOf,
  declareSealing,
  keystoreFiles,
  makeSealSetup,
  nodes,
  type SealSetup,
  sealLocal,
} from "../support/seal-setup.ts";

const { describe, test } = longTests(0);
const own = longTests(0, ownCluster);

const { cluster, kube } = await useCluster();
const namespace = "seals";
/** Pins the controller's newest certificate in a checkout. */
async function pinNewest(root: string): Promise<void> {
  const file = join(ground.folder, "newest.pem");
  writeFileSync(file, await (await fetch(`${cluster.sealedSecrets}/v1/cert.pem`)).text());
  declareSealing(root, file, ground.signer);
}
/**
 * How `pnpm seal` gets the certificate. An existing API server has no way to the controller, so there it is a file. In a
 * cluster of our own no kubelet runs the controller's pod, so no port of it can be forwarded, and its Secret has it.
 */
const certificateOptions: string[] = [];
const fromSecret =
  /no port of it can be forwarded \([^)]+\); its certificate is that of Secret sealed-secrets-key\S+\. That takes/;
const keyLabel = "sealedsecrets.bitnami.com/sealed-secrets-key";

let ground: SealSetup;
let deployed: Deployed;

beforeAll(async () => {
  ground = await makeSealSetup();
  process.env.KUBECONFIG = cluster.kubeconfig;
  if (cluster.isExisting) {
    const file = join(ground.folder, "controller.pem");
    writeFileSync(file, await (await fetch(`${cluster.sealedSecrets}/v1/cert.pem`)).text());
    certificateOptions.push("--cert", file);
    await makeNamespace(kube, cluster, namespace);
  } else {
    certificateOptions.push("--controller", "kube-system/sealed-secrets-controller", "--context", "mezo-cluster");
  }
  edit(join(ground.bare, "generators/networks/local.ts"), (text) =>
    text.replace(
      'namespace: "mezo-local",',
      `namespace: "${namespace}",\n  argocd: { repoURL: "${cluster.repoURL}", revision: "${namespace}" },`,
    ),
  );
  await pinNewest(ground.bare);
  succeed(run(ground.bare, "gen"));
  const source = (await loadSources(ground.bare)).find(({ network }) => network.name === "local");
  if (!source) throw new Error("no network local");
  deployed = await deploy(kube, cluster, source);
  return async () => {
    await kube.delete(deployed.app.reference);
    await kube.delete({ apiVersion: "v1", kind: "Namespace", name: namespace });
  };
});

function succeed({ code, stderr }: { code: number | null; stderr: string }): void {
  if (code !== 0) throw new Error(stderr);
}

const sealIn = (root: string, ...args: string[]) => sealLocal(root, ground, ...args, ...certificateOptions);
const seal = (...args: string[]) => sealIn(ground.bare, ...args);

/** Pushes the checkout as it would be committed, with changes. */
function push(change: (tree: Tree) => void = () => {}): string {
  const files = readTree(ground.bare, ["base", "overlays"], () => true);
  const tree = new Map([...files].map(([path, content]) => [path, content.toString()]));
  change(tree);
  return deployed.repository.push(tree);
}

const secret = (name: string) => kube.get({ apiVersion: "v1", kind: "Secret", name, namespace });
const sealedSecret = (name: string) =>
  kube.get({ apiVersion: "bitnami.com/v1alpha1", kind: "SealedSecret", name, namespace });
const keys = () => kube.list("v1", "Secret", "kube-system", `${keyLabel}=active`);
const podIds = async () => {
  // Gates run anew in every sync.
  const pods = await kube.list("v1", "Pod", namespace, "type!=gate");
  return Object.fromEntries(pods.map(({ metadata }) => [metadata.labels.id ?? "sidecar", metadata.uid]));
};

function signal(name: NodeJS.Signals): void {
  const pid = programIds(cluster)["sealed-secrets-controller"];
  if (pid === undefined) throw new Error("no SealedSecrets controller runs");
  process.kill(pid, name);
}

const healthOf = ({ status }: KubeObject, name: string) =>
  status.resources?.find((each: KubeObject) => each.kind === "SealedSecret" && each.name === name)?.health?.status;

test("`pnpm seal` seals for the running controller, which opens exactly what was sealed", async () => {
  const sealed = seal("--from", ground.artifacts, "--ethereum-node-address", ground.address);
  expect(sealed).toMatchObject({ code: 0, stderr: cluster.isExisting ? "" : expect.stringMatching(fromSecret) });
  await deployed.app.synced(push());
  await deployed.app.healthy();
  for (const node of nodes) expect((await secret(`${node}-keystore`)).data).toEqual(keystoreFiles(ground, node));
  const address = readFileSync(ground.address, "utf8").trim();
  expect((await secret("ethereum-sidecar-config")).data).toEqual({
    "ethereum-node-address": Buffer.from(address).toString("base64"),
  });
});

describe("a SealedSecret that was altered stays closed, and the Application is Degraded", () => {
  const name = "mezo-node-1-keystore";
  const file = (name: string) => `overlays/local/keystores/${name}.yaml`;

  const alterations: [string, (encrypted: Record<string, string>, tree: Tree) => Promise<Record<string, string>>][] = [
    [
      "tampered",
      async (encrypted) => {
        const { "node_key.json": text = "" } = encrypted;
        const at = text.length - 20;
        return {
          ...encrypted,
          "node_key.json": `${text.slice(0, at)}${text[at] === "A" ? "B" : "A"}${text.slice(at + 1)}`,
        };
      },
    ],
    [
      "renamed: it is another validator's",
      async (_, tree) => parse(tree.get(file("mezo-node-0-keystore")) ?? "").spec.encryptedData,
    ],
    [
      "moved: `pnpm seal` made it for another namespace",
      async () => {
        const elsewhere = copyOf(ground.bare);
        // Otherwise nothing would be sealed for a second place.
        const moving = nodes.map((_, validator) => ({ validator, reason: "moves to another namespace" }));
        edit(join(elsewhere, "generators/networks/local.ts"), (text) =>
          text
            .replace(`namespace: "${namespace}"`, 'namespace: "elsewhere"')
            .replace("  peering:", `  paused: ${JSON.stringify(moving)},\n  peering:`),
        );
        succeed(sealIn(elsewhere, "--from", ground.artifacts, "--ethereum-node-address", ground.address));
        return parse(readFileSync(join(elsewhere, file(name)), "utf8")).spec.encryptedData;
      },
    ],
  ];

  test.each(alterations)("%s", async (_, change) => {
    const before = { data: (await secret(name)).data, pods: await podIds() };
    const tree = new Map(
      [...readTree(ground.bare, ["base", "overlays"], () => true)].map(([path, content]) => [path, content.toString()]),
    );
    const sealed = parse(tree.get(file(name)) ?? "");
    const encryptedData = await change(sealed.spec.encryptedData, tree);
    push((tree) => {
      tree.set(file(name), stringify({ ...sealed, spec: { ...sealed.spec, encryptedData } }));
    });
    const app = await deployed.app.until("Degraded", ({ status }) => status?.health?.status === "Degraded");
    expect(healthOf(app, name)).toBe("Degraded");
    expect((await secret(name)).data).toEqual(before.data);
    expect(await podIds()).toEqual(before.pods);

    const good = push();
    await deployed.app.synced(good, 120);
    await deployed.app.healthy();
    expect((await secret(name)).data).toEqual(before.data);
  });
});

own.test("a change of one keystore restarts its validator and no other", async () => {
  const before = await podIds();
  const sealed = seal("mezo-node-1", "--from", ground.artifacts, "--with-recovery-material");
  expect(sealed.code).toBe(0);
  await deployed.app.synced(push());
  await deployed.app.healthy();
  const after = await podIds();
  expect(Object.keys(after).filter((id) => after[id] !== before[id])).toEqual(["1"]);
  expect(Object.keys((await secret("mezo-node-1-keystore")).data)).toContain("mnemonic.txt");
});

own.test("health is not taken from a stale status: no validator changes before its keystore is opened", async () => {
  const before = await podIds();
  // Back to its former content, which is a change again.
  expect(seal("mezo-node-1", "--from", ground.artifacts).code).toBe(0);
  signal("SIGSTOP");
  try {
    const commit = push();
    await deployed.app.until("the new SealedSecret is applied", async () => {
      const { metadata, status } = await sealedSecret("mezo-node-1-keystore");
      return status.observedGeneration !== metadata.generation;
    });
    // Its condition is still the one of the former content.
    expect((await sealedSecret("mezo-node-1-keystore")).status.conditions[0].status).toBe("True");
    await continually(async () => {
      const app = await deployed.app.read();
      expect(app.status.operationState.phase).toBe("Running");
      expect(await podIds()).toEqual(before);
    }, 6);
    signal("SIGCONT");
    await deployed.app.synced(commit);
  } finally {
    signal("SIGCONT");
  }
  expect(Object.keys((await secret("mezo-node-1-keystore")).data)).not.toContain("mnemonic.txt");
});

test.each(["Secret", "SealedSecret"])("a %s that is deleted comes back, and no pod restarts", async (kind) => {
  const name = "mezo-node-0-keystore";
  const read = () => (kind === "Secret" ? secret(name) : sealedSecret(name));
  const [before, pods] = [await read(), await podIds()];
  await kube.delete(referenceTo(before));
  await eventually(async () => (await read())?.metadata.uid !== before.metadata.uid && read(), 60, `a new ${kind}`);
  await deployed.app.healthy();
  await eventually(async () => (await secret(name))?.data, 30, "its Secret");
  expect((await secret(name)).data).toEqual(keystoreFiles(ground, "mezo-node-0"));
  expect(await podIds()).toEqual(pods);
});

test("the Application is deleted with everything that it deployed: keystores stay", async () => {
  const identities = async () =>
    [...(await kube.list("v1", "Secret", namespace))].map(({ metadata }) => metadata.uid).sort();
  const before = await identities();
  const application = await kube.get(deployed.app.reference);
  await kube.patch(deployed.app.reference, { metadata: { finalizers: ["resources-finalizer.argocd.argoproj.io"] } });
  await kube.delete(deployed.app.reference);
  await eventually(
    async () => (await kube.get(deployed.app.reference)) === undefined,
    60,
    "the removal of the Application",
  );
  await continually(async () => expect(await identities()).toEqual(before), 5);
  const { name, namespace: home } = application.metadata;
  await kube.apply({ ...application, metadata: { name, namespace: home }, status: undefined });
  await deployed.app.until("Synced", ({ status }) => status?.sync?.status === "Synced");
  await deployed.app.healthy();
  expect(await identities()).toEqual(before);
});

own.test("after the controller has made a new key, everything is sealed for it, and no pod restarts", async () => {
  const before = { pods: await podIds(), keys: (await keys()).length };
  // The signal makes it do what its timer does every thirty days.
  signal("SIGUSR1");
  await eventually(async () => (await keys()).length === before.keys + 1, 30, "a new key");
  const certificate = () => readFileSync(join(ground.bare, "overlays/local/keystores/certificate.pem"), "utf8");
  const old = certificate();
  const unpinned = seal("--from", ground.artifacts);
  expect(unpinned.stderr).toContain("generators/networks/local.ts pins sha256:");
  await pinNewest(ground.bare);
  const refused = seal("--from", ground.artifacts);
  expect(refused.stderr).toContain("--rotate seals everything for it");
  const rotated = seal("--rotate", "--from", ground.artifacts, "--ethereum-node-address", ground.address);
  // The new key's Secret, not the old one's.
  expect(rotated).toMatchObject({ code: 0, stderr: expect.stringMatching(fromSecret) });
  expect(certificate()).not.toBe(old);
  await deployed.app.synced(push());
  await deployed.app.healthy();
  expect(await podIds()).toEqual(before.pods);
  for (const node of nodes) expect((await secret(`${node}-keystore`)).data).toEqual(keystoreFiles(ground, node));
});

own.test("the controller's keys are lost, and restored from a backup", async () => {
  const backup = (await keys()).map(({ apiVersion, kind, type, data, metadata: { name, namespace, labels } }) => ({
    apiVersion,
    kind,
    type,
    data,
    metadata: { name, namespace, labels },
  }));
  for (const key of backup) await kube.delete(referenceTo(key));
  signal("SIGKILL");
  await eventually(async () => (await keys()).length === 1, 60, "the restarted controller's own key");
  // A Secret that is deleted now cannot be made again.
  const name = "mezo-node-0-keystore";
  await kube.delete({ apiVersion: "v1", kind: "Secret", name, namespace });
  await deployed.app.until("Degraded", (app) => healthOf(app, name) === "Degraded");
  expect(await secret(name)).toBeUndefined();

  for (const key of backup) await kube.apply(key);
  signal("SIGKILL");
  await eventually(() => secret(name), 60, `Secret ${name}`);
  expect((await secret(name)).data).toEqual(keystoreFiles(ground, "mezo-node-0"));
  await deployed.app.healthy();
});

own.test("a validator leaves the network with its keystore: the Secret stays, and nothing is out of sync", async () => {
  const before = (await secret("mezo-node-1-keystore")).metadata.uid;
  edit(join(ground.bare, "generators/networks/local.ts"), (text) =>
    text.replace('lifecycle: "new"', 'lifecycle: "started"').replace("  peering:", "  size: 1,\n  peering:"),
  );
  succeed(run(ground.bare, "gen"));
  const commit = push((tree) => {
    // As `pnpm seal` leaves the folder once the artifacts have no such validator.
    const folder = "overlays/local/keystores";
    tree.delete(`${folder}/mezo-node-1-keystore.yaml`);
    const kustomization = parse(tree.get(`${folder}/kustomization.yaml`) ?? "");
    const resources = kustomization.resources.filter((each: string) => each !== "mezo-node-1-keystore.yaml");
    tree.set(`${folder}/kustomization.yaml`, stringify({ ...kustomization, resources }));
  });
  const isWaiting = ({ status }: KubeObject) =>
    status.operationState?.syncResult?.revision === commit && status.operationState.phase === "Running";
  await deployed.app.until("waiting for the confirmation", isWaiting, 120);
  await deployed.app.confirmDeletion();
  await deployed.app.synced(commit, 120);
  await eventually(
    async () =>
      Object.keys(await podIds())
        .sort()
        .join() === "0,sidecar",
    60,
    "the removal of its pod",
  );
  expect((await secret("mezo-node-1-keystore")).metadata.uid).toBe(before);
});
