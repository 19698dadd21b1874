import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { run } from "../../checkout.ts";
import { copyOf, type Ground, keystores, makeGround } from "./ground.ts";

let ground: Ground;
beforeAll(async () => {
  ground = await makeGround();
});

/** Rotates, and sends a signal when a text has been printed, a while after it. */
async function interrupted(root: string, signal: NodeJS.Signals, at: string, delay: number) {
  const args = ["--from", ground.artifacts, "--cert", ground.cert2, "--ethereum-node-address", ground.address];
  const child = spawn(process.execPath, ["scripts/seal.ts", "local", "--rotate", ...args], { cwd: root });
  let shown = "";
  let sent = false;
  const send = () => {
    if (sent) return;
    sent = true;
    setTimeout(() => child.kill(signal), delay);
  };
  if (at === "") send();
  child.stdout.on("data", (chunk) => {
    shown += chunk;
    if (at !== "" && shown.includes(at)) send();
  });
  await once(child, "exit");
  return shown;
}

const stages: [string, string, number][] = [
  ["at the start", "", 50],
  ["while the artifacts are read", "", 500],
  ["when kubeseal is known", "kubeseal v", 0],
  ["while it seals", "kubeseal v", 150],
  ["after the first", "sealed    mezo-node-0-keystore", 0],
  ["after the last keystore", "sealed    mezo-node-1-keystore", 0],
  ["before the files are written", "sealed    ethereum-sidecar-config", 0],
  ["while they are written", "sealed    ethereum-sidecar-config", 40],
  ["while they are written, later", "sealed    ethereum-sidecar-config", 80],
];

describe.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("%s leaves the folder as it was, or complete", (signal) => {
  test.each(stages)("%s", async (_stage, at, delay) => {
    const root = copyOf(ground.sealed);
    const before = keystores(root);
    const shown = await interrupted(root, signal, at, delay);
    if (!shown.includes("files written")) {
      const after = keystores(root);
      // Between the last file's place and the last line there is room for a signal.
      if (after["certificate.pem"] === before["certificate.pem"]) expect(after).toEqual(before);
    }
    expect(run(root, "seal", "--check")).toMatchObject({ code: 0, stderr: "" });
    run(root, "gen");
    expect(readdirSync(root).filter((name) => name.startsWith(".gen-"))).toEqual([]);
  });
});
