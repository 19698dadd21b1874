import { beforeEach, describe, expect, test } from "vitest";
import { type StandIn, standInCluster } from "../support/api-server.ts";
import { local } from "../support/networks.ts";
import { signer } from "../support/status/facts.ts";

// Stand-ins for the API server and the nodes: what the commands make of their answers. Those on the embedded cluster are
// real, in test/cluster.
const base = `/api/v1/namespaces/${local.namespace}`;
const state: StandIn = { api: {}, pods: {} };
const cluster = await standInCluster(state);
const mine = ["local", "--context", "mine"];

const pod = (index: number) => ({
  metadata: { name: `mezo-node-${index}-0`, labels: { id: String(index) }, creationTimestamp: "2026-01-01T00:00:00Z" },
  spec: { nodeName: "machine", containers: [{ image: "mezo-node:v0.2.0-rc3" }] },
  status: {
    phase: "Running",
    conditions: [{ type: "Ready", status: "True", lastTransitionTime: "2026-01-01T00:00:00Z" }],
    containerStatuses: [{ restartCount: 0 }],
  },
});
const signatures = [0, 1, 2, 3, 4].map((index) => ({ block_id_flag: 2, validator_address: signer(index) }));

beforeEach(() => {
  cluster.asked.length = 0;
  state.api = { [`${base}/pods`]: { items: [0, 1, 2, 3, 4].map(pod) } };
  const time = new Date().toISOString();
  state.pods = {
    "/status": { result: { sync_info: { latest_block_height: "1000", latest_block_time: time, catching_up: false } } },
    "/net_info": { result: { n_peers: "4" } },
    "/commit": { result: { signed_header: { header: { time }, commit: { height: "999", signatures } } } },
    "/validators": { result: { total: "5", validators: [0, 1, 2, 3, 4].map((index) => ({ address: signer(index) })) } },
    "/abci_query": { result: { response: { code: 0, value: "" } } },
    "/": { jsonrpc: "2.0", id: 1, result: "0x3e8" },
  };
});

describe("pnpm status", () => {
  test("shows a network that is well, asks for nothing but answers, and ends with 0", async () => {
    const { code, stdout, stderr } = await cluster.run("status", mine);
    expect(stderr).toBe("");
    expect(stdout).toContain("chain    is at height 1000");
    expect(stdout).toMatch(/^mezo-node-4 +ready +v0.2.0-rc3 +1000 +3\/3 +4 +0 +\?$/m);
    expect(stdout).toContain("Nothing needs a person.");
    expect(stdout).not.toContain("\u001b");
    expect(code).toBe(0);
    expect(cluster.asked.filter((each) => !each.startsWith("GET "))).toEqual([]);
  });

  test("says what needs a person, and ends with 1; as JSON, too", async () => {
    state.api[`${base}/pods`] = { items: [0, 1, 2, 3].map(pod) };
    const { code, stdout } = await cluster.run("status", [...mine, "--output", "json"]);
    const { verdicts, facts } = JSON.parse(stdout);
    expect(verdicts).toContainEqual(
      expect.objectContaining({ level: "error", about: "mezo-node-4", says: "has no pod" }),
    );
    expect(facts.chain.value.height).toBe(1000);
    expect(code).toBe(1);
  });
});

describe("pnpm check-cluster", () => {
  test("says of each thing how it is, and changes nothing", async () => {
    Object.assign(state.api, {
      "/version": { gitVersion: "v1.34.1" },
      "/apis/storage.k8s.io/v1/storageclasses": { items: [] },
      "/api/v1/nodes": { code: 403, message: "nodes is forbidden" },
    });
    const { code, stdout } = await cluster.run("check-cluster", mine);
    expect(stdout).toContain("ok       Kubernetes is v1.34.1");
    expect(stdout).toContain("error    storage has no default class\n         Make the class");
    expect(stdout).toContain("warning  machines are not shown (no permission: nodes is forbidden)");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(code).toBe(1);
    const changing = cluster.asked.filter((each) => !each.startsWith("GET ") && !each.includes("dryRun=All"));
    expect(changing).toEqual([]);
    expect(cluster.asked.filter((each) => each.includes("dryRun=All")).length).toBeGreaterThan(10);
  });
});

describe.each(["status", "check-cluster"])("pnpm %s ends with one sentence", (command) => {
  type Row = [why: string, args: string[], config: () => string | null | undefined, code: number, says: RegExp];
  const rows: Row[] = [
    [
      "no kubeconfig",
      mine,
      () => null,
      1,
      /^error: kubectl has no current context: get the cluster's credentials first\n$/,
    ],
    ["a broken kubeconfig", mine, () => "{", 1, /^error: the kubeconfig can't be read: .+\n$/],
    [
      "another context",
      ["local", "--context", "other"],
      () => undefined,
      1,
      /^error: the current context is mine, not other: .+\n$/,
    ],
    [
      "another cluster",
      ["staging"],
      () => undefined,
      1,
      /^error: the current context mine is for cluster kind-mezo, but staging runs on gke_.+\n$/,
    ],
    ["a context that nobody confirmed", ["local"], () => undefined, 2, /pass --context mine if local runs/],
    [
      "credentials that do not count",
      mine,
      () => cluster.kubeconfig({ token: "old" }),
      1,
      /^error: the API server does not accept the credentials of context mine: log in again\n$/,
    ],
    [
      "an API server that is away",
      mine,
      () => cluster.kubeconfig({ server: "https://127.0.0.1:9" }),
      1,
      /^error: the API server at https:\/\/127.0.0.1:9 does not answer \(ECONNREFUSED\): .+\n$/,
    ],
    ["no network", ["--context", "mine"], () => undefined, 2, /^error: name one network: local, staging\n/],
    ["an unknown network", ["other"], () => undefined, 2, /^error: no network other/],
    [
      "an unknown output",
      [...mine, "--output", "xml"],
      () => undefined,
      2,
      /^error: --output must be text or json, not xml\n/,
    ],
    ["an unknown option", [...mine, "--all"], () => undefined, 2, /^error: .*--all/],
  ];
  test.each(rows)("for %s", async (_, args, config, code, says) => {
    const ran = await cluster.run(command, args, config());
    expect(ran.stderr).toMatch(says);
    expect([ran.code, ran.stdout]).toEqual([code, ""]);
  });

  test("and explains itself", async () => {
    const { code, stdout } = await cluster.run(command, ["--help"]);
    expect([code, stdout.startsWith(`Usage: pnpm ${command} <network>`)]).toEqual([0, true]);
  });
});

test("pnpm status without permission to list pods says which Role it takes", async () => {
  state.api[`${base}/pods`] = { code: 403, message: "pods is forbidden" };
  const { code, stderr } = await cluster.run("status", mine);
  expect(stderr).toBe(
    `error: context mine may not list the pods of namespace ${local.namespace}: it needs the Role of docs/operating.md, "Who may look"\n`,
  );
  expect(code).toBe(1);
});
