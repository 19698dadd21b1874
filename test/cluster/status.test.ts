import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { render } from "generators/render.ts";
import { apiOf } from "scripts/lib/cluster/api.ts";
import type { Verdict } from "scripts/lib/verdict.ts";
import { collectStatus } from "scripts/status/collect.ts";
import { judgeStatus } from "scripts/status/judge.ts";
import { eventually } from "tools/cluster/wait.ts";
import { beforeAll, expect, test } from "vitest";
import { deploy, networkOf, prepareNamespace } from "../support/cluster/deployment.ts";
import { describe } from "../support/cluster/own-cluster.ts";
import { useCluster } from "../support/cluster/use-cluster.ts";

// Stand-ins report the pods here, and no node answers: what Argo CD and Kubernetes say is real. test/chain/status.test.ts
// has nodes that run.
const { cluster, kube } = await useCluster();
const name = "status";
const network = networkOf(cluster, name);
const api = await apiOf(kube.config);
const app = { apiVersion: "argoproj.io/v1alpha1", kind: "Application", name: `mezo-${name}`, namespace: "argocd" };

const status = async (): Promise<Verdict[]> => judgeStatus(network, await collectStatus(network, api));

/** Waits until the status says something of a level. */
const says = (level: Verdict["level"], words: string | RegExp) =>
  eventually(
    async () => {
      const verdicts = await status();
      const lines = verdicts.map((each) => `${each.level}: ${each.about} ${each.says}`);
      if (!lines.some((line) => line.startsWith(`${level}: `) && line.match(words))) throw new Error(lines.join("\n"));
      return true;
    },
    90,
    `${level}: ${words}`,
  );

describe("pnpm status, over a network that Argo CD deploys", () => {
  let remove: () => Promise<void>;
  beforeAll(async () => {
    remove = await prepareNamespace(kube, cluster, network);
    return () => remove();
  });

  test("before the first apply there is neither an Application nor a pod", async () => {
    await says("error", "Argo CD has no Application mezo-status");
    await says("error", "mezo-node-0 has no pod");
    await says("warning", "chain shows nothing");
  });

  test("a sync that has gone through is in step with the commit", async () => {
    const { app, push } = await deploy(kube, cluster, { network });
    const commit = push({ network });
    await app.synced(commit);
    await says("ok", `Argo CD is in sync with ${commit.slice(0, 7)}`);
  });

  const states: [
    state: string,
    make: () => Promise<unknown>,
    level: Verdict["level"],
    says: string | RegExp,
    undo: () => Promise<unknown>,
  ][] = [
    [
      "the automatic sync is off, and an object was changed by hand",
      async () => {
        await kube.patch(app, { spec: { syncPolicy: { automated: null } } });
        await kube.patch(
          { apiVersion: "v1", kind: "Service", name: "mezo-rpc", namespace: name },
          { spec: { selector: { type: "nobody" } } },
        );
      },
      "warning",
      /Argo CD is OutOfSync with .+, and syncs nothing by itself/,
      async () => {
        const application = render([{ network }]).get(`overlays/argocd/${name}-application.yaml`) ?? "";
        const { parse } = await import("yaml");
        await kube.apply(parse(application), { manager: "operator" });
      },
    ],
    [
      "a pod is gone for good",
      () =>
        kube.patch(
          { apiVersion: "apps/v1", kind: "StatefulSet", name: "mezo-node-2", namespace: name },
          { spec: { replicas: 0 } },
        ),
      "error",
      "mezo-node-2 has no pod",
      () =>
        kube.patch(
          { apiVersion: "apps/v1", kind: "StatefulSet", name: "mezo-node-2", namespace: name },
          { spec: { replicas: 1 } },
        ),
    ],
    [
      "the repository has no such branch",
      () => kube.patch(app, { spec: { source: { targetRevision: "nowhere" } } }),
      "error",
      "Argo CD reports ComparisonError",
      () => kube.patch(app, { spec: { source: { targetRevision: name } } }),
    ],
  ];
  test.each(states)("%s", async (_, make, level, words, undo) => {
    await make();
    try {
      await says(level, words);
    } finally {
      await undo();
    }
  });

  test("another context is refused in one sentence", async () => {
    const { port, hostname } = new URL(kube.config.getCurrentCluster()?.server ?? "");
    expect(`${hostname}:${port}`).not.toBe(":");
    const env = { ...process.env, KUBECONFIG: cluster.kubeconfig };
    const ran = await new Promise<{ code: number; stderr: string }>((done) =>
      execFile(
        process.execPath,
        ["scripts/status.ts", "local", "--context", "another"],
        { cwd: resolve(import.meta.dirname, "../.."), env },
        (error, _stdout, stderr) => done({ code: error ? Number(error.code) : 0, stderr }),
      ),
    );
    expect(ran).toEqual({ code: 1, stderr: expect.stringMatching(/^error: the current context is .+, not another/) });
  });
});
