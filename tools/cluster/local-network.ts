// A program: makes artifacts of the network `local` with keys that are new, seals them in a clone of this repository,
// and has Argo CD deploy that. Its arguments say where the cluster is and whether clone and keys are for keeping, the end
// of its standard input that the cluster is ready.
import { execFile } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { parse } from "yaml";
import { makeTestnet } from "../mezod/testnet.ts";
import { application } from "./application.ts";
import { kubeconfigFile } from "./control-plane.ts";
import { repoUrl } from "./git.ts";
import { connect, type Kube } from "./kube.ts";
import { linkModules } from "./link-modules.ts";
import { local } from "./local.ts";
import { artifactsFolder, cloneFolder, type Place } from "./location.ts";
import { sealedSecretsName, sealedSecretsNamespace } from "./sealed-secrets.ts";
import { isolated } from "./supervisor.ts";

const root = resolve(import.meta.dirname, "../..");
// Nobody dials it: the sidecar's pod runs no container.
const ethereumAddress = "wss://ethereum.example.org";
const syncWithin = 300;

const place: Place = JSON.parse(process.argv[2] ?? "");
const isKept = process.argv[3] === "keep";
const artifacts = artifactsFolder(place);
const clone = cloneFolder(place);
const say = (what: string) => console.error(`cluster: ${what}`);

try {
  say(`making keys and genesis of ${local.validators.length} validators`);
  const host = (index: number) => local.validators[index]?.host ?? "";
  await makeTestnet(artifacts, { validators: local.validators.length, chainId: local.chain.id, host });

  await run("git", ["clone", "--quiet", root, clone]);
  linkModules(clone);
  declare(join(clone, "generators/networks/local.ts"));
  say("pnpm run import local");
  await script("import", ["--yes"]);
  await text(process.stdin);
  say("pnpm seal local");
  const controller = `${sealedSecretsNamespace}/${sealedSecretsName}`;
  await script(
    "seal",
    ["--controller", controller, "--context", "mezo-cluster", "--ethereum-node-address", "-"],
    ethereumAddress,
  );
  if (!isKept) rmSync(artifacts, { recursive: true });

  const kube = await connect(kubeconfigFile(place));
  // Argo CD has to know it by the time that the Application comes.
  await apply(kube, "appproject");
  say(`git push ${repoUrl(place)} main`);
  const commit = await push();
  await apply(kube, "application");
  if (!isKept) rmSync(clone, { recursive: true });
  await deployed(kube, commit);
} catch (error) {
  console.error(`error: ${(error as Error).message}`);
  process.exitCode = 1;
}

/** Has the network take the genesis of the artifacts, and Argo CD read it where the cluster does. */
function declare(file: string): void {
  const here = `genesis: { kind: "file" },\n  argocd: { repoURL: "${repoUrl(place)}" },`;
  const declared = readFileSync(file, "utf8");
  const changed = declared.replace("genesis: staging.genesis,", here);
  if (changed === declared) throw new Error("generators/networks/local.ts does not say `genesis: staging.genesis,`");
  writeFileSync(file, changed);
}

async function push(): Promise<string> {
  // A person's own settings of git, such as signing, are not for this.
  const git = (...args: string[]) => run("git", args, { cwd: clone, env: isolated(place.folder) });
  await git("checkout", "--quiet", "-B", "main");
  await git("add", "--all");
  const author = ["-c", "user.name=cluster", "-c", "user.email=cluster@example.org"];
  await git(...author, "commit", "--quiet", "--message", "Import and seal local for this cluster");
  await git("push", "--quiet", repoUrl(place), "main");
  return (await git("rev-parse", "HEAD")).trim();
}

async function apply(kube: Kube, kind: string): Promise<void> {
  const manifest = readFileSync(join(clone, `overlays/argocd/${local.name}-${kind}.yaml`), "utf8");
  await kube.apply(parse(manifest), { manager: "operator" });
}

async function deployed(kube: Kube, commit: string): Promise<void> {
  const app = application(kube, `${local.app}-${local.name}`);
  let said = "";
  let asked = Date.now();
  const isDeployed = ({ status = {} }) => {
    const { sync, health, operationState } = status as Record<string, Record<string, string> | undefined>;
    const message = operationState?.message ?? "";
    if (message && message !== said) say(`Argo CD: ${message}`);
    said = message;
    // A first look may fail, for want of time; here Argo CD takes another one only when told.
    if (!operationState && Date.now() - asked > 10_000) {
      asked = Date.now();
      app.requestRefresh().catch(() => {});
    }
    return sync?.status === "Synced" && sync.revision === commit && health?.status === "Healthy";
  };
  await app.until("Synced and Healthy", isDeployed, syncWithin);
}

/** Runs a command of the clone for the network, with its artifacts. */
function script(name: string, args: string[], input = ""): Promise<string> {
  const env = { ...process.env, KUBECONFIG: kubeconfigFile(place) };
  return run(
    process.execPath,
    [`scripts/${name}.ts`, local.name, "--from", artifacts, ...args],
    { cwd: clone, env },
    input,
  );
}

async function run(command: string, args: string[], options = {}, input = ""): Promise<string> {
  const running = promisify(execFile)(command, args, { encoding: "utf8", ...options });
  running.child.stdin?.on("error", () => {}).end(input);
  return (await running).stdout;
}
