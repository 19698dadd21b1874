import { clusterOf } from "generators/network/cluster.ts";
import { lockFile } from "generators/network/paths.ts";
import rule from "scripts/rules/history/no-moved-keys.ts";
import { expect, test } from "vitest";
import { local, staging as network } from "../../../support/networks.ts";
import { earlier, earlierPlacement, paused } from "../../../support/rules/history.ts";

const found = (was: ReturnType<typeof earlierPlacement>, keystores = new Map<string, string>()) =>
  [...rule.check([], network, [earlier({ placement: was })], keystores)].map(
    ({ object, field, message }) => `${object} ${field}: ${message}`,
  );
const now = earlierPlacement();

test("keys that stay where they are", () => {
  expect(found(now)).toEqual([]);
});

const swapped = () => {
  const [[a, one], [b, two], ...rest] = Object.entries(now.keys) as [[string, never], [string, never]];
  return Object.fromEntries([[a, two], [b, one], ...rest]);
};

test.each([
  ["namespace", { ...now, namespace: "elsewhere" }, 5],
  ["network", { ...now, network: "production" }, 5],
  ["cluster", { ...now, cluster: "gke:a/b/c" }, 5],
  ["app", { ...now, app: "mezod" }, 5],
  ["StatefulSet", { ...now, keys: swapped() }, 2],
])("a key's %s: each key that moves is named", (field, was, count) => {
  const findings = found(was);
  expect(findings).toHaveLength(count);
  expect(findings[0]).toMatch(
    new RegExp(`^StatefulSet/mezo-node-0 ${field}: .* at commit abc1234 it signed at ${field} .* was not paused$`),
  );
});

test("keys of a network that Argo CD deploys to another cluster than before, and of one that it did not deploy", () => {
  expect(found({ ...now, destination: "argocd:production" })[0]).toBe(
    "StatefulSet/mezo-node-0 destination: the key signs at destination https://kubernetes.default.svc, but at commit abc1234 it signed at destination argocd:production and was not paused",
  );
  expect(found({ ...now, destination: null })).toEqual([]);
});

test("a network that GKE's names say nothing of is where Argo CD says", () => {
  const argocd = { namespace: "argocd", repoURL: "https://example.org/x.git", revision: "main" };
  const away = { ...local, argocd: { ...argocd, destination: { name: "production" } } };
  const was = earlierPlacement({ isSealed: true }, { ...local, argocd });
  const findings = [...rule.check([], away, [earlier({ placement: was })])].map(({ field }) => field);
  expect(findings).toEqual(local.validators.map(() => "cluster"));
});

test("a key that was paused at the commit before may move", () => {
  expect(found(paused({ ...now, namespace: "elsewhere" }))).toEqual([]);
  expect(found(paused({ ...now, namespace: "elsewhere" }, [0, 1]))).toHaveLength(3);
});

test("nothing has run of a new network that is not sealed; a sealed one counts, and so does a started one", () => {
  const was = earlierPlacement({ lifecycle: "new", isSealed: false, namespace: "elsewhere" }, local);
  const check = (change: object) => [...rule.check([], local, [earlier({ placement: { ...was, ...change } })])].length;
  expect(check({})).toBe(0);
  expect(check({ isSealed: true })).toBe(local.validators.length);
  expect(check({ lifecycle: "started" })).toBe(local.validators.length);
});

test("a commit from before there was a record does not know its cluster", () => {
  const { cluster, ...rest } = now;
  expect(found(rest)).toEqual([]);
});

test.each([
  [
    "another namespace",
    { namespace: "elsewhere" },
    (file: string) =>
      `needed as default/mezo-node-0-keystore, but ${file} has it sealed as elsewhere/mezo-node-0-keystore`,
  ],
  [
    "another validator's name",
    { secret: "mezo-node-7-keystore" },
    (file: string) =>
      `needed as default/mezo-node-0-keystore, but ${file} has it sealed as default/mezo-node-7-keystore`,
  ],
  [
    "another cluster",
    { cluster: "gke:elsewhere" },
    (file: string) =>
      `needed on gke:mezo-test-420708/us-central1/mezo-staging-gke-cluster, but ${file} has it sealed for gke:elsewhere`,
  ],
])("the seal lock has the key in %s", (_case, change, message) => {
  const { secret, ...place } = {
    secret: "mezo-node-0-keystore",
    namespace: "default",
    cluster: clusterOf(network),
    ...change,
  };
  const [validator] = network.validators;
  const { nodeId, accountAddress, consensusPubKey } = validator as (typeof network.validators)[number];
  const entry = {
    ...place,
    scope: "strict",
    certificate: "0".repeat(64),
    keys: [],
    content: `$scrypt$ln=14,r=8,p=1$${"A".repeat(22)}$${"A".repeat(43)}`,
    file: "0".repeat(64),
    validator: { nodeId, accountAddress, consensusPubKey },
  };
  const lock = JSON.stringify({
    version: 2,
    network: "staging",
    chainId: "mezo_31611-1",
    serial: 1,
    secrets: { [secret]: entry },
  });
  expect(found(now, new Map([[lockFile("staging"), lock]]))).toEqual([
    `StatefulSet/mezo-node-0 keystore: the key is ${message("overlays/staging/keystores/seal.lock.json")}`,
  ]);
});
