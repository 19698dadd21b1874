import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Application, application } from "tools/cluster/kubernetes/application.ts";
import type { Kube } from "tools/cluster/kubernetes/client.ts";
import { artifactsFolder, type ClusterLocation, cloneFolder, commandsFolder } from "tools/cluster/location.ts";
import { kubeconfigFile } from "tools/cluster/parts/credentials.ts";
import { repoUrl } from "tools/cluster/parts/git-repository.ts";
import { sealedSecretsName, sealedSecretsNamespace } from "tools/cluster/parts/sealed-secrets.ts";
import { isolatedEnvironment } from "tools/cluster/process/processes.ts";
import { parse } from "yaml";
import { local } from "../networks.ts";

/** The network's declaration, in the clone. */
export const networkFile = "generators/networks/local.ts";

export type Rollout = "one-at-a-time" | "all-at-once";

/** Edits how a change is rolled out. */
export const withRollout = (mode: Rollout) => (text: string) =>
  text.replace(/rollout: "[a-z-]*"/, `rollout: "${mode}"`);

/** Edits the image's tag. */
export const withImage = (image: string) => (text: string) =>
  text.replace(/tag: "[^"]*"/, `tag: "${image.split(":")[1]}"`);

/** Edits that the network has a field more, such as `paused: [],`. */
export const withField = (field: string) => (text: string) => text.replace("  rollout:", `  ${field}\n  rollout:`);

/** Edits that such a field is gone. */
export const withoutField = (field: string) => (text: string) => text.replace(`  ${field}\n`, "");

/** What an operator of the network `local` does: edit, generate, seal, push, and look. */
export function operatorOf(location: ClusterLocation, kube: Kube) {
  const clone = cloneFolder(location);
  const KUBECONFIG = kubeconfigFile(location);

  async function execute(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
    const { stdout } = await promisify(execFile)(command, args, { cwd: clone, env, maxBuffer: 2 ** 26 });
    return stdout.trim();
  }

  // This machine's own settings, such as git's signing, do not apply here.
  const run = (command: string, args: string[]) =>
    execute(command, args, { ...process.env, ...isolatedEnvironment(location), KUBECONFIG });

  /** Runs a command of the clone, with this machine's own cache of tools. */
  const script = (name: string, ...args: string[]) =>
    execute(process.execPath, [`scripts/${name}.ts`, ...args], { ...process.env, KUBECONFIG });

  const app: Application = application(kube, `${local.app}-${local.name}`);

  return {
    app,
    clone,
    kubeconfig: KUBECONFIG,
    run,
    script,

    /** Edits a file of the clone. Throws when the edit changes nothing. */
    edit(file: string, change: (text: string) => string): void {
      const before = readFileSync(join(clone, file), "utf8");
      const after = change(before);
      if (after === before) throw new Error(`the edit of ${file} changes nothing`);
      writeFileSync(join(clone, file), after);
    },

    /** Seals from the artifacts again. */
    seal: (...args: string[]) =>
      script(
        "seal",
        ...[local.name, ...args, "--from", artifactsFolder(location)],
        ...["--controller", `${sealedSecretsNamespace}/${sealedSecretsName}`, "--context", "mezo-cluster"],
      ),

    /** Generates, commits everything and pushes it; returns the commit. */
    async push(message: string): Promise<string> {
      await script("gen");
      await run("git", ["add", "--all"]);
      const author = ["-c", "user.name=operator", "-c", "user.email=operator@example.org"];
      await run("git", [...author, "commit", "--quiet", "--message", message]);
      await run("git", ["push", "--quiet", repoUrl(location), "main"]);
      return run("git", ["rev-parse", "HEAD"]);
    },

    /** Stops Argo CD's automated syncs until `resume`. */
    pause: () => kube.patch(app.reference, { spec: { syncPolicy: { automated: null } } }),

    /** Gives the Application its declared policy back. */
    async resume(): Promise<void> {
      const declared = parse(readFileSync(join(clone, `overlays/argocd/${local.name}-application.yaml`), "utf8"));
      await kube.apply(declared, { manager: "operator" });
    },

    kubectl: (...args: string[]) =>
      run(join(commandsFolder(location), "kubectl"), ["--namespace", local.namespace, ...args]),

    argocd: (...args: string[]) => run(join(commandsFolder(location), "argocd"), [...args, "--auth-token", "none"]),
  };
}

export type Operator = ReturnType<typeof operatorOf>;
