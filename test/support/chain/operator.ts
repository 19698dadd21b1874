import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Application, application } from "tools/cluster/application.ts";
import { commandsFolder } from "tools/cluster/client-programs.ts";
import { kubeconfigFile } from "tools/cluster/control-plane.ts";
import { repoUrl } from "tools/cluster/git.ts";
import type { Kube } from "tools/cluster/kube.ts";
import { artifactsFolder, cloneFolder, type Place } from "tools/cluster/location.ts";
import { sealedSecretsName, sealedSecretsNamespace } from "tools/cluster/sealed-secrets.ts";
import { isolated } from "tools/cluster/supervisor.ts";
import { parse } from "yaml";
import { local } from "../networks.ts";

/** What describes the network, in the clone. */
export const networkFile = "generators/networks/local.ts";

/** Edits how a change reaches the validators. */
export const inMode = (mode: "one-at-a-time" | "all-at-once") => (text: string) =>
  text.replace(/rollout: "[a-z-]*"/, `rollout: "${mode}"`);

/** Edits the image's tag. */
export const inRelease = (image: string) => (text: string) =>
  text.replace(/tag: "[^"]*"/, `tag: "${image.split(":")[1]}"`);

/** What an operator of the network `local` does: edit, generate, seal, push, and look. */
export function operator(place: Place, kube: Kube) {
  const clone = cloneFolder(place);
  const KUBECONFIG = kubeconfigFile(place);

  async function execute(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
    const { stdout } = await promisify(execFile)(command, args, { cwd: clone, env, maxBuffer: 2 ** 26 });
    return stdout.trim();
  }

  // What is set for the person here, such as git's signing, is not for this.
  const run = (command: string, args: string[]) =>
    execute(command, args, { ...process.env, ...isolated(place.folder), KUBECONFIG });

  /** A command of the clone; the tools that it builds are the person's. */
  const script = (name: string, ...args: string[]) =>
    execute(process.execPath, [`scripts/${name}.ts`, ...args], { ...process.env, KUBECONFIG });

  const app: Application = application(kube, `${local.app}-${local.name}`);

  return {
    app,
    clone,
    kubeconfig: KUBECONFIG,
    run,
    script,

    /** Changes a file of the clone. Throws when that changes nothing. */
    edit(file: string, change: (text: string) => string): void {
      const before = readFileSync(join(clone, file), "utf8");
      const after = change(before);
      if (after === before) throw new Error(`${file} stays as it is`);
      writeFileSync(join(clone, file), after);
    },

    /** Seals again, from the artifacts. */
    seal: (...args: string[]) =>
      script(
        "seal",
        ...[local.name, ...args, "--from", artifactsFolder(place)],
        ...["--controller", `${sealedSecretsNamespace}/${sealedSecretsName}`, "--context", "mezo-cluster"],
      ),

    /** Generates, commits all of it and pushes; the commit. */
    async push(message: string): Promise<string> {
      await script("gen");
      await run("git", ["add", "--all"]);
      const author = ["-c", "user.name=operator", "-c", "user.email=operator@example.org"];
      await run("git", [...author, "commit", "--quiet", "--message", message]);
      await run("git", ["push", "--quiet", repoUrl(place), "main"]);
      return run("git", ["rev-parse", "HEAD"]);
    },

    /** Has Argo CD do nothing by itself until `resume`. */
    pause: () => kube.patch(app.reference, { spec: { syncPolicy: { automated: null } } }),

    /** Gives the Application its own policy again. */
    async resume(): Promise<void> {
      const declared = parse(readFileSync(join(clone, `overlays/argocd/${local.name}-application.yaml`), "utf8"));
      await kube.apply(declared, { manager: "operator" });
    },

    kubectl: (...args: string[]) =>
      run(join(commandsFolder(place), "kubectl"), ["--namespace", local.namespace, ...args]),

    argocd: (...args: string[]) => run(join(commandsFolder(place), "argocd"), [...args, "--auth-token", "none"]),
  };
}

export type Operator = ReturnType<typeof operator>;
