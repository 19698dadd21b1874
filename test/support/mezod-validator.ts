import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { endNode } from "generators/components/scripts/liveness.ts";
import { processFile } from "generators/components/scripts/readiness.ts";
import { signedHeightFolder } from "generators/components/scripts/signed-height.ts";
import { nextProgram } from "generators/components/scripts/upgrade-plan.ts";
import { nodeHome } from "generators/network/names.ts";
import type { Manifest } from "scripts/objects/manifests.ts";
import { parse, type TomlTable } from "smol-toml";
import { shell } from "./shell.ts";

// biome-ignore lint/suspicious/noExplicitAny: objects as Kustomize built them.
type Any = any;

/** A validator as its rendered pod would run it, but in a folder and on a loopback address of its own. */
export interface LocalValidator {
  name: string;
  address: string;
  /** The folder that stands for /mnt/.mezod in the pod. */
  home: string;
  environment: Record<string, string>;
  pod: Any;
}

/**
 * Lays out a validator's home: the files of the built ConfigMaps and the keys from the artifacts, each under the path that
 * the pod's volumes give it. The environment binds addresses that would listen everywhere to `address`.
 */
export function layOut(
  manifests: readonly Manifest[],
  index: number,
  artifacts: string,
  home: string,
  address: string,
) {
  const object = (kind: string, name: string): Any =>
    manifests.find((manifest) => manifest.kind === kind && manifest.metadata.name === name);
  const name = `mezo-node-${index}`;
  const pod = object("StatefulSet", name).spec.template.spec;
  const keystore = (key: string) => {
    const folder = ["node_key.json", "priv_validator_key.json"].includes(key) ? "config" : "keyring-file";
    return readFileSync(join(artifacts, name, folder, key));
  };
  const write = (mount: string, items: { key: string; path: string }[], content: (key: string) => Buffer | string) => {
    mkdirSync(join(home, mount), { recursive: true });
    for (const { key, path } of items) writeFileSync(join(home, mount, path), content(key));
  };
  for (const { configMap, secret } of volume(pod, "config").projected.sources) {
    if (configMap) write("config", configMap.items, (key) => object("ConfigMap", configMap.name).data[key]);
    if (secret) write("config", secret.items, keystore);
  }
  write("keyring-file", volume(pod, "keyring").secret.items, keystore);
  for (const folder of ["data", "scripts", "signed-height"]) mkdirSync(join(home, folder));
  const validator: LocalValidator = { name, address, home, pod, environment: listenOn(address, home) };
  const scripts = object("ConfigMap", volume(pod, "scripts").configMap.name).data;
  for (const [file, script] of Object.entries(scripts)) {
    writeFileSync(join(home, "scripts", file), localize(script as string, validator));
  }
  return validator;
}

const volume = (pod: Any, name: string) => pod.volumes.find((each: Any) => each.name === name);

/** Variables, by which mezod overrides keys of its files, that bind whatever listens on every address to one address. */
function listenOn(address: string, home: string): Record<string, string> {
  const found: [string, string][] = [];
  const walk = (table: TomlTable, path: string[]) => {
    for (const [key, value] of Object.entries(table)) {
      const at = [...path, key];
      if (typeof value === "string" && /^(\w+:\/\/)?(0\.0\.0\.0)?:\d+$/.test(value)) {
        const variable = `MEZOD_${at.join("_").replaceAll("-", "_").toUpperCase()}`;
        found.push([variable, value.replace(/(0\.0\.0\.0)?:(\d+)$/, `${address}:$2`)]);
      } else if (typeof value === "object" && !Array.isArray(value)) walk(value as TomlTable, at);
    }
  };
  for (const file of ["app.toml", "config.toml"]) walk(parse(readFileSync(join(home, "config", file), "utf8")), []);
  // On loopback, all peers have the same address.
  return { ...Object.fromEntries(found), MEZOD_P2P_ALLOW_DUPLICATE_IP: "true" };
}

/** A container's environment with the program on the PATH, without anything from this process. */
function environmentOf(validator: LocalValidator, mezod: string, container: Any, more: Record<string, string> = {}) {
  const own = Object.fromEntries(
    container.env.map(({ name, value }: Any) => [name, localize(value ?? `${validator.name}-0`, validator)]),
  );
  return { ...own, PATH: dirname(mezod), HOME: validator.home, ...validator.environment, ...more };
}

/** Replaces the pod's folders and address by the validator's own, and the others' Services by their addresses. */
export function localize(text: string, { home, address }: Pick<LocalValidator, "home" | "address">): string {
  const network = address.replace(/\.\d+$/, "");
  return text
    .replaceAll(nodeHome, home)
    .replaceAll(signedHeightFolder, join(home, "signed-height"))
    .replaceAll(processFile, join(home, "process/stat"))
    .replaceAll(nextProgram, `${home}${nextProgram}`)
    .replaceAll(endNode, `IFS= read -r node <${home}/pid && kill -TERM "$node"`)
    .replace(/^\/scripts\//, `${home}/scripts/`)
    .replaceAll("127.0.0.1", address)
    .replace(/mezo-node-(\d+)-internal/g, (_, index) => `${network}.${Number(index) + 1}`);
}

/** Runs the pod's init container; returns its exit code and standard error. */
export function preflightOf(validator: LocalValidator, mezod: string, more: Record<string, string> = {}) {
  const [container] = validator.pod.initContainers;
  return execute(validator, mezod, container, container.command, more);
}

/** Runs the readiness probe's own command: 0 means ready. */
export const readiness = (validator: LocalValidator, mezod: string): number | null =>
  readinessOf(validator, mezod).code;

/** The same, with what the probe says. */
export function readinessOf(validator: LocalValidator, mezod: string) {
  const [container] = validator.pod.containers;
  return execute(validator, mezod, container, container.readinessProbe.exec.command);
}

/** Runs the liveness probe's own command, with which the pod has one while an upgrade is planned. */
export function livenessOf(validator: LocalValidator, mezod: string) {
  const [container] = validator.pod.containers;
  return execute(validator, mezod, container, container.livenessProbe.exec.command);
}

function execute(validator: LocalValidator, mezod: string, container: Any, words: string[], more = {}) {
  const [command = "", ...rest] = words
    .flatMap((word) => (word === "/bin/sh" ? shell : [word]))
    .map((word) => localize(word, validator));
  const env = environmentOf(validator, mezod, container, more);
  const { status, stderr } = spawnSync(command, rest, { env, encoding: "utf8" });
  return { code: status, stderr };
}

/** Starts the node by the container's own command. It dies with this process, in whatever way that ends. */
export function start(validator: LocalValidator, mezod: string, more: Record<string, string> = {}): ChildProcess {
  const { command, args } = validator.pod.containers[0];
  const [program, ...rest] = [...command, ...args].map((word: string) => localize(word, validator));
  // A shell becomes the node while an upgrade is planned.
  if (program !== "mezod" && program !== "/bin/sh") throw new Error(`the container runs ${program}, not mezod`);
  const log = openSync(join(validator.home, "log"), "a");
  const words = [program === "mezod" ? mezod : program, ...rest];
  const node = spawn("/usr/bin/setpriv", ["--pdeathsig", "KILL", ...words], {
    env: environmentOf(validator, mezod, validator.pod.containers[0], more),
    stdio: ["ignore", log, log],
  });
  const link = join(validator.home, "process");
  rmSync(link, { force: true });
  symlinkSync(`/proc/${node.pid}`, link);
  writeFileSync(join(validator.home, "pid"), `${node.pid}\n`);
  return node;
}

/**
 * Ends a node as Kubernetes does, with SIGTERM, and SIGKILL after the grace period.
 *
 * @returns its exit code, or null if it was killed.
 */
export async function stop(node: ChildProcess, graceSeconds: number): Promise<number | null> {
  if (node.exitCode !== null) return node.exitCode;
  const timer = setTimeout(() => node.kill("SIGKILL"), graceSeconds * 1000);
  node.kill("SIGTERM");
  const [code] = await once(node, "exit");
  clearTimeout(timer);
  return code;
}
