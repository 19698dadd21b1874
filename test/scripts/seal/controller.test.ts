import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import http, { type IncomingMessage } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkout, type Ran } from "../../support/checkout.ts";
import { answerPortForward } from "../../support/port-forward.ts";
import { declareUnsigned, makePair, type Pair } from "../../support/seal-setup.ts";

// A stand-in: a server on loopback that answers the paths of the Kubernetes API that lead to the controller as the API
// server and the kubelet do. The tests do not show that real ones do so; those on the embedded cluster do.
const token = "stand-in";
const base = "/api/v1/namespaces/kube-system";
const service = `${base}/services/sealed-secrets-controller`;
const controllerPort = 8080;

/** What the cluster is like. Each test begins with a controller that runs, and nobody who may read its Secrets. */
let state: { pods: object[]; secrets: object[] | undefined; listens: boolean };
beforeEach(() => {
  state = { pods: [pod("True")], secrets: undefined, listens: true };
});

const pod = (ready: string) => ({
  metadata: { name: "sealed-secrets-controller-0" },
  spec: { containers: [{ name: "controller", ports: [{ name: "http", containerPort: controllerPort }] }] },
  status: { conditions: [{ type: "Ready", status: ready }] },
});
const keySecret = (name: string, certificate: string) => ({
  metadata: { name },
  data: {
    "tls.crt": Buffer.from(certificate).toString("base64"),
    "tls.key": Buffer.from("not asked for").toString("base64"),
  },
});

let api: Server;
let controller: http.Server;
let tls: Pair;
let controllers: Pair;
let older: Pair;
beforeAll(async () => {
  [tls, controllers, older] = await Promise.all([makePair(), makePair(), makePair({ begins: -500 })]);
  controller = http.createServer((request, response) => {
    response.writeHead(request.url === "/v1/cert.pem" ? 200 : 404).end(controllers.certificate);
  });
  api = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
    const url = new URL(request.url ?? "", "https://localhost");
    const answer = (status: number, body: object) =>
      response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
    const list = (items: object[] | undefined) => (items ? answer(200, { items }) : answer(403, {}));
    if (request.headers.authorization !== `Bearer ${token}`) answer(401, {});
    else if (url.pathname === service) {
      const selector = { app: "sealed-secrets" };
      answer(200, { spec: { selector, ports: [{ name: "http", port: 80, targetPort: "http" }] } });
    } else if (url.pathname === `${base}/pods` && url.searchParams.get("labelSelector") === "app=sealed-secrets") {
      list(state.pods);
    } else if (url.pathname === `${base}/secrets`) list(state.secrets);
    else answer(404, {});
  });
  api.on("upgrade", (request: IncomingMessage, socket: Duplex) => {
    const isAsked = request.url === `${base}/pods/sealed-secrets-controller-0/portforward?ports=${controllerPort}`;
    if (isAsked) answerPortForward(request, socket, state.listens ? portOf(controller) : undefined);
    else socket.end("HTTP/1.1 404 Not Found\r\n\r\n");
  });
  await Promise.all([api, controller].map((each) => new Promise<void>((done) => each.listen(0, "127.0.0.1", done))));
});
afterAll(() => {
  api.close();
  controller.close();
});

const portOf = (server: Server | http.Server) => (server.address() as AddressInfo).port;

interface Config {
  cluster?: string;
  server?: string;
  user?: string;
  ca?: string;
  insecure?: boolean;
}

const kubeconfig = ({ cluster = "kind-mezo", server, user = token, ca = tls.certificate, insecure = false }: Config) =>
  JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": "mine",
    contexts: [{ name: "mine", context: { cluster, user: "me" } }],
    clusters: [
      {
        name: cluster,
        cluster: {
          server: server ?? `https://127.0.0.1:${portOf(api)}`,
          ...(insecure
            ? { "insecure-skip-tls-verify": true }
            : { "certificate-authority-data": Buffer.from(ca).toString("base64") }),
        },
      },
    ],
    users: [{ name: "me", user: { token: user } }],
  });

/** Seals the sidecar's Secret, which needs only a certificate; asynchronously, so that the server can answer. */
function seal(network: string, config: string | undefined, ...args: string[]): Promise<Ran & { root: string }> {
  const root = checkout();
  const file = join(root, "kubeconfig");
  if (config !== undefined) writeFileSync(file, config);
  const certificate = join(root, "certificate");
  writeFileSync(certificate, controllers.certificate);
  declareUnsigned(root, network, certificate);
  const address = join(root, "address");
  writeFileSync(address, "wss://mainnet.example.org/v3/key");
  const words = ["scripts/seal.ts", network, "ethereum-sidecar", "--ethereum-node-address", address, ...args];
  const env = { ...process.env, ...(config === undefined ? { KUBECONFIG: "", HOME: root } : { KUBECONFIG: file }) };
  return new Promise((done) => {
    execFile(process.execPath, words, { cwd: root, env }, (error, stdout, stderr) =>
      done({ root, code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

const there = ["--controller", "kube-system/sealed-secrets-controller"];

describe("a certificate from the running controller (the API is a stand-in)", () => {
  test("is fetched, shown, used and committed once the context is said to be the network's", async () => {
    const { root, code, stdout, stderr } = await seal("local", kubeconfig({}), ...there, "--context", "mine");
    expect(stderr).not.toContain("forwarded");
    expect(stdout).toMatch(/certificate SHA-256 [0-9a-f]{64}, RSA 2048, expires \d{4}-\d\d-\d\d\n/);
    expect(readFileSync(join(root, "overlays/local/keystores/certificate.pem"), "utf8")).toBe(controllers.certificate);
    expect(code).toBe(0);
  });

  test("a network that names its cluster needs no --context where the current context is for that cluster", async () => {
    const cluster = "gke_mezo-test-420708_us-central1_mezo-staging-gke-cluster";
    expect((await seal("staging", kubeconfig({ cluster }), ...there)).code).toBe(0);
  });

  const unreached: [why: string, make: () => void, says: string][] = [
    ["refuses its port", () => (state.listens = false), "failed to connect to localhost:8080 inside the pod"],
    ["is not ready", () => (state.pods = [pod("False")]), "none of its pods is ready"],
    ["has no pod", () => (state.pods = []), "none of its pods is ready"],
  ];
  test.each(unreached)(
    "where it %s, the newest key's Secret has it, with a word on the permission",
    async (_why, make, says) => {
      make();
      state.secrets = [
        keySecret("new", controllers.certificate),
        keySecret("old", older.certificate),
        keySecret("odd", ""),
      ];
      const { root, code, stderr } = await seal("local", kubeconfig({}), ...there, "--context", "mine");
      expect(stderr).toContain(`no port of it can be forwarded (${says}`);
      expect(stderr).toContain(
        "its certificate is that of Secret new. That takes permission to list the Secrets of kube-system",
      );
      expect(readFileSync(join(root, "overlays/local/keystores/certificate.pem"), "utf8")).toBe(
        controllers.certificate,
      );
      expect(code).toBe(0);
    },
  );

  test("a Secret's certificate that is not the pinned one seals nothing", async () => {
    state.listens = false;
    state.secrets = [keySecret("old", older.certificate)];
    const { root, code, stderr } = await seal("local", kubeconfig({}), ...there, "--context", "mine");
    expect(code).toBe(1);
    expect(stderr).toContain("but generators/networks/local.ts pins sha256:");
    expect(existsSync(join(root, "overlays/local/keystores/certificate.pem"))).toBe(false);
  });

  test.each<[string, object[] | undefined, string]>([
    ["may not be read", undefined, "the API server answers 403"],
    ["are not there", [], "namespace kube-system has no Secret with the label"],
  ])("neither a port nor Secrets, which %s", async (_why, secrets, says) => {
    Object.assign(state, { listens: false, secrets });
    const { code, stderr } = await seal("local", kubeconfig({}), ...there, "--context", "mine");
    expect(code).toBe(1);
    expect(stderr).toContain(
      "no certificate from controller kube-system/sealed-secrets-controller: no port of it can be",
    );
    expect(stderr).toContain(says);
    expect(stderr).toContain("use --cert with a file that you trust");
    expect(stderr).not.toMatch(/ {4}at /);
  });

  test.each<[string, string, () => string | undefined, string[], number, string]>([
    [
      "a context that nobody has confirmed",
      "local",
      () => kubeconfig({}),
      there,
      2,
      "there is no terminal to ask on: pass --context mine if local runs on the cluster of that context",
    ],
    [
      "another current context",
      "local",
      () => kubeconfig({}),
      [...there, "--context", "other"],
      1,
      "the current context is mine, not other: run kubectl config use-context other",
    ],
    [
      "a cluster that is not the network's",
      "staging",
      () => kubeconfig({}),
      [...there, "--context", "mine"],
      1,
      "the current context mine is for cluster kind-mezo, but staging runs on gke_mezo-test-420708_us-central1_mezo-staging-gke-cluster: run gcloud container clusters get-credentials",
    ],
    [
      "a server that is not verified",
      "local",
      () => kubeconfig({ insecure: true }),
      [...there, "--context", "mine"],
      1,
      "context mine does not verify who answers at https://127.0.0.1",
    ],
    [
      "a server in plain HTTP elsewhere",
      "local",
      () => kubeconfig({ server: "http://10.0.0.1:8080" }),
      [...there, "--context", "mine"],
      1,
      "context mine does not verify who answers at http://10.0.0.1:8080",
    ],
    [
      "a server with a certificate of another authority",
      "local",
      () => kubeconfig({ ca: controllers.certificate }),
      [...there, "--context", "mine"],
      1,
      "no certificate from controller kube-system/sealed-secrets-controller: ",
    ],
    [
      "no such Service",
      "local",
      () => kubeconfig({}),
      ["--controller", "kube-system/other", "--context", "mine"],
      1,
      "no certificate from controller kube-system/other: there is no such Service in the cluster",
    ],
    [
      "a user without permission",
      "local",
      () => kubeconfig({ user: "nobody" }),
      [...there, "--context", "mine"],
      1,
      "no certificate from controller kube-system/sealed-secrets-controller: the API server answers 401",
    ],
    ["no kubeconfig", "local", () => undefined, there, 1, "kubectl has no current context"],
  ])("%s", async (_fault, network, config, args, exit, message) => {
    const { code, stderr } = await seal(network, config(), ...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/ {4}at /);
    expect(code).toBe(exit);
  });
});
