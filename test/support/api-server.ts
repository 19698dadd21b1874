import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http, { type IncomingMessage, type Server } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Duplex } from "node:stream";
import { afterAll } from "vitest";
import type { Ran } from "./checkout.ts";
import { answerPortForward } from "./port-forward.ts";
import { makePair } from "./seal-setup.ts";

const root = resolve(import.meta.dirname, "../..");
const token = "stand-in";

/** What an API server that is a stand-in answers: a body, or a status that is no success. */
export type Answer = object | { code: number; message: string };

/** What a stand-in for a cluster is asked for: by path of the API, and by path of a pod's ports. */
export interface StandIn {
  api: Record<string, Answer>;
  /** By the pod's port and the path in front of "?". */
  pods: Record<string, unknown>;
}

/**
 * A stand-in for an API server and the pods behind it, on loopback, with a kubeconfig. It shows what the commands make of
 * answers, and not that a real one gives them.
 */
export async function standInCluster(state: StandIn) {
  const tls = await makePair();
  const folder = mkdtempSync(join(tmpdir(), "api-server-"));
  const asked: string[] = [];
  const pods = http.createServer((request, response) => {
    const [path] = (request.url ?? "").split("?");
    const answer = state.pods[path ?? ""];
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  });
  const api = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
    const { pathname } = new URL(request.url ?? "", "https://localhost");
    asked.push(`${request.method} ${request.url}`);
    const isKnown = request.headers.authorization === `Bearer ${token}`;
    const answer = isKnown ? (state.api[pathname] ?? { code: 404, message: "not found" }) : { code: 401, message: "" };
    const code = "code" in answer ? Number(answer.code) : 200;
    response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  api.on("upgrade", (request: IncomingMessage, socket: Duplex) => answerPortForward(request, socket, portOf(pods)));
  await Promise.all([api, pods].map((each) => new Promise<void>((done) => each.listen(0, "127.0.0.1", done))));
  afterAll(() => {
    api.close();
    pods.close();
    rmSync(folder, { recursive: true });
  });

  const kubeconfig = (change: { cluster?: string; server?: string; token?: string } = {}) => {
    const name = change.cluster ?? "kind-mezo";
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      "current-context": "mine",
      contexts: [{ name: "mine", context: { cluster: name, user: "me" } }],
      clusters: [
        {
          name,
          cluster: {
            server: change.server ?? `https://127.0.0.1:${portOf(api)}`,
            "certificate-authority-data": Buffer.from(tls.certificate).toString("base64"),
          },
        },
      ],
      users: [{ name: "me", user: { token: change.token ?? token } }],
    });
  };

  /** Runs a command of this repository with a kubeconfig, or none; asynchronously, so that the server can answer. */
  function run(command: string, args: string[], config: string | null = kubeconfig()): Promise<Ran> {
    const file = join(folder, "kubeconfig");
    writeFileSync(file, config ?? "");
    // Without one kubectl's own place is looked at, which is in the home. The tools' cache is there, too.
    const place = config === null ? { KUBECONFIG: "", HOME: folder } : { KUBECONFIG: file };
    const env = { ...process.env, NO_COLOR: "1", ...place };
    return new Promise((done) => {
      execFile(process.execPath, [`scripts/${command}.ts`, ...args], { cwd: root, env }, (error, stdout, stderr) =>
        done({ code: error ? Number(error.code) : 0, stdout, stderr }),
      );
    });
  }

  return { asked, kubeconfig, run };
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
