import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkout, type Ran } from "../../support/checkout.ts";
import { declareUnsigned, makePair, type Pair } from "../../support/seal-setup.ts";

// A stand-in: a server on loopback that answers two paths of the Kubernetes API as the API server and the controller
// behind its proxy do. The tests do not show that a real API server does so.
const token = "stand-in";
const service = "/api/v1/namespaces/kube-system/services/sealed-secrets-controller";
const certificate = "/api/v1/namespaces/kube-system/services/http:sealed-secrets-controller:http/proxy/v1/cert.pem";

let api: Server;
let tls: Pair;
let controllers: Pair;
beforeAll(async () => {
  [tls, controllers] = await Promise.all([makePair(), makePair()]);
  api = createServer({ cert: tls.certificate, key: tls.key }, (request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    const answer = (status: number, type: string, body: string) =>
      response.writeHead(status, { "content-type": type }).end(body);
    if (request.headers.authorization !== `Bearer ${token}`) answer(401, "application/json", "{}");
    else if (path === service) {
      const spec = { ports: [{ name: "http", port: 8080 }] };
      answer(200, "application/json", JSON.stringify({ apiVersion: "v1", kind: "Service", spec }));
    } else if (path === certificate) answer(200, "application/x-pem-file", controllers.certificate);
    else answer(404, "application/json", "{}");
  });
  await new Promise<void>((done) => api.listen(0, "127.0.0.1", done));
});
afterAll(() => api.close());

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
          server: server ?? `https://127.0.0.1:${(api.address() as AddressInfo).port}`,
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
    const { root, code, stdout } = await seal("local", kubeconfig({}), ...there, "--context", "mine");
    expect(stdout).toMatch(/certificate SHA-256 [0-9a-f]{64}, RSA 2048, expires \d{4}-\d\d-\d\d\n/);
    expect(readFileSync(join(root, "overlays/local/keystores/certificate.pem"), "utf8")).toBe(controllers.certificate);
    expect(code).toBe(0);
  });

  test("a network that names its cluster needs no --context where the current context is for that cluster", async () => {
    const cluster = "gke_mezo-test-420708_us-central1_mezo-staging-gke-cluster";
    expect((await seal("staging", kubeconfig({ cluster }), ...there)).code).toBe(0);
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
