// A program that deploys a network to a cluster: it makes artifacts with new keys, imports and seals them in a
// clone of this repository, and pushes that to the repository that Argo CD reads. Its first argument says where the cluster
// is; with `keep` as the second one, the artifacts and the clone stay. The end of its standard input says that the cluster
// is ready.
import { execFile } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { networkFile } from "generators/network/paths.ts";
import { parse } from "yaml";
import { linkModules } from "../../link-modules.ts";
import { makeTestnet } from "../../mezod/testnet.ts";
import { application } from "../kubernetes/application.ts";
import { connect, type Kube, type KubeObject } from "../kubernetes/client.ts";
import { artifactsFolder, type ClusterLocation, cloneFolder } from "../location.ts";
import { ethereumAddress } from "../node/ethereum.ts";
import { kubeconfigFile } from "../parts/credentials.ts";
import { repoUrl } from "../parts/git-repository.ts";
import { sealedSecretsName, sealedSecretsNamespace } from "../parts/sealed-secrets.ts";
import { isolatedEnvironment } from "../process/processes.ts";
import { networkOn } from "./local.ts";

const repository = resolve(import.meta.dirname, "../../..");
const deployedWithinSeconds = 600;
const refreshAfterMilliseconds = 10_000;

const location: ClusterLocation = JSON.parse(process.argv[2] ?? "");
const network = networkOn(location);
const keepsFiles = process.argv[3] === "keep";
const artifacts = artifactsFolder(location);
const clone = cloneFolder(location);

try {
  await deploy();
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}

async function deploy(): Promise<void> {
  await makeArtifacts();
  await run("git", ["clone", "--quiet", repository, clone]);
  linkModules(clone);
  takeGenesisFromFile();
  log(`pnpm run import ${network.name}`);
  await runScript("import", ["--yes"]);
  // The cluster is ready from here on.
  await text(process.stdin);
  const kube = await connect(kubeconfigFile(location));
  await pinCertificate(kube);
  await seal();
  if (!keepsFiles) rmSync(artifacts, { recursive: true });

  // Argo CD has to know the project before it sees the Application.
  await applyFromOverlay(kube, "appproject");
  const commit = await push();
  await applyFromOverlay(kube, "application");
  if (!keepsFiles) rmSync(clone, { recursive: true });
  await waitUntilDeployed(kube, commit);
}

async function makeArtifacts(): Promise<void> {
  const { app, chain, validators } = network;
  log(`making keys and genesis of ${validators.length} validators`);
  const host = (index: number) => validators[index]?.host ?? "";
  await makeTestnet(artifacts, { app, validators: validators.length, chainId: chain.id, host });
}

/** Has the network take its genesis from the artifacts, and Argo CD read the network from the cluster's repository. */
function takeGenesisFromFile(): void {
  edit("export default {", (start) => [
    start.replace("export default", "const declared ="),
    `\nexport default { ...declared, genesis: { kind: "file" }, argocd: { repoURL: "${repoUrl(location)}" } };\n`,
  ]);
}

/** Changes the words that the declaration has once, and appends to it. */
function edit(words: string, change: (words: string) => [changed: string, appended: string]): void {
  const path = networkFile(network.name);
  const file = join(clone, path);
  // The clone has what is committed.
  if (!existsSync(file)) throw new Error(`${path} is not committed: the cluster runs what is`);
  const text = readFileSync(file, "utf8");
  if (text.split(words).length !== 2) throw new Error(`${path} does not say \`${words}\` once`);
  const [changed, appended] = change(words);
  writeFileSync(file, text.replace(words, changed) + appended);
}

/** Pins the controller's certificate by the Secret that the controller keeps its key in, not by what it answers. */
async function pinCertificate(kube: Kube): Promise<void> {
  const [key] = await kube.list("v1", "Secret", sealedSecretsNamespace, "sealedsecrets.bitnami.com/sealed-secrets-key");
  if (!key) throw new Error("the SealedSecrets controller has no key yet");
  const { fingerprint256 } = new X509Certificate(Buffer.from(key.data["tls.crt"], "base64"));
  const certificate = `sha256:${fingerprint256.replaceAll(":", "").toLowerCase()}`;
  const signers = { off: "whoever starts this cluster has everything that is on it" };
  edit("...declared,", (words) => [`${words} sealing: ${JSON.stringify({ certificate, signers })},`, ""]);
}

async function seal(): Promise<void> {
  log(`pnpm seal ${network.name}`);
  const controller = `${sealedSecretsNamespace}/${sealedSecretsName}`;
  const options = ["--controller", controller, "--context", "mezo-cluster", "--ethereum-node-address", "-"];
  await runScript("seal", options, ethereumAddress);
}

/** Commits everything and pushes it; returns the commit. */
async function push(): Promise<string> {
  log(`git push ${repoUrl(location)} main`);
  // A person's own git settings, such as signing, do not apply here.
  const git = (...args: string[]) => run("git", args, { cwd: clone, env: isolatedEnvironment(location) });
  await git("checkout", "--quiet", "-B", "main");
  await git("add", "--all");
  const author = ["-c", "user.name=cluster", "-c", "user.email=cluster@example.org"];
  await git(...author, "commit", "--quiet", "--message", `Import and seal ${network.name} for this cluster`);
  await git("push", "--quiet", repoUrl(location), "main");
  return (await git("rev-parse", "HEAD")).trim();
}

async function applyFromOverlay(kube: Kube, kind: "appproject" | "application"): Promise<void> {
  const manifest = readFileSync(join(clone, `overlays/argocd/${network.name}-${kind}.yaml`), "utf8");
  await kube.apply(parse(manifest), { manager: "operator" });
}

/** Waits until Argo CD has deployed the commit, and logs what it says meanwhile. */
async function waitUntilDeployed(kube: Kube, commit: string): Promise<void> {
  const app = application(kube, `${network.app}-${network.name}`);
  let lastMessage = "";
  let lastRefresh = Date.now();
  const isDeployed = ({ status = {} }: KubeObject) => {
    const { sync, health, operationState } = status;
    const message = operationState?.message ?? "";
    if (message && message !== lastMessage) log(`Argo CD: ${message}`);
    lastMessage = message;
    // Its first look may time out, and in this cluster Argo CD takes another one only when asked.
    if (!operationState && Date.now() - lastRefresh > refreshAfterMilliseconds) {
      lastRefresh = Date.now();
      app.requestRefresh().catch(() => {});
    }
    return sync?.status === "Synced" && sync.revision === commit && health?.status === "Healthy";
  };
  await app.until("Synced and Healthy", isDeployed, deployedWithinSeconds);
}

function log(text: string): void {
  console.error(`cluster: ${text}`);
}

/** Runs a command of the clone on the network and its artifacts. */
function runScript(name: string, args: string[], input = ""): Promise<string> {
  const env = { ...process.env, KUBECONFIG: kubeconfigFile(location) };
  const words = [`scripts/${name}.ts`, network.name, "--from", artifacts, ...args];
  return run(process.execPath, words, { cwd: clone, env }, input);
}

async function run(command: string, args: string[], options = {}, input = ""): Promise<string> {
  const running = promisify(execFile)(command, args, { encoding: "utf8", ...options });
  running.child.stdin?.on("error", () => {}).end(input);
  return (await running).stdout;
}
