import { readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { nodeHome } from "generators/network/names.ts";
import { artifactsFolder, type ClusterLocation, nodePath } from "tools/cluster/location.ts";
import { importImage } from "tools/cluster/node/containerd.ts";
import { makeImage } from "tools/cluster/node/images.ts";
import { hasPoa, nextMezodPath } from "tools/mezod/program.ts";
import { local } from "../networks.ts";
import { paid, planUpgrade as planByVote, type Voter } from "../plan-upgrade.ts";
import { nodeNames, podOf } from "./chain.ts";
import { connectField } from "./connect.ts";
import { planByOwner } from "./membership.ts";
import { withField } from "./operator.ts";
import type { RunningNetwork } from "./running-network.ts";

const rpc = "--node tcp://127.0.0.1:26657";

/** Gives the node an image of a release that carries out some plans. */
export async function importRelease(location: ClusterLocation, tag: string, plans: readonly string[]): Promise<void> {
  await importProgram(location, tag, await nextMezodPath(plans));
}

/** Gives the node an image of a release whose program says its version, and fails when it is started. */
export async function importBrokenRelease(location: ClusterLocation, tag: string): Promise<void> {
  const program = join(nodePath(location), "broken-mezod");
  await writeFile(program, '#!/bin/sh\n[ "$1" = version ] || exit 1\n');
  await chmod(program, 0o755);
  await importProgram(location, tag, program);
}

/** Gives the node an image of a release with that program. */
export async function importProgram(location: ClusterLocation, tag: string, program: string): Promise<void> {
  const programs = { "/usr/bin/mezod": program, "/bin/sh": "/bin/busybox" };
  const image = { names: [`${local.image.repository}:${tag}`], programs };
  await importImage(location, await makeImage(nodePath(location), image));
}

/** Edits that a network waits for an upgrade. */
export const withUpgrade = (name: string, height: number, tag: string) =>
  withField(`upgrade: { name: "${name}", height: ${height}, tag: "${tag}" },`);

/** Edits that a network has what every release needs after the chain's own votes on prices. */
export const withConnect = (text: string) =>
  text.replace("  ethereumSidecar:", `  ${connectField}\n  ethereumSidecar:`);

/** Makes a plan on the chain: by a transaction of x/poa's owner, or with the stand-in by the vote of all validators. */
export function planUpgrade(network: RunningNetwork, name: string, height: number): Promise<void> {
  if (hasPoa()) return planByOwner(network.chain.call, artifactsFolder(network.location), name, height);
  const [first, ...others] = nodeNames.map((node) => voterOf(network, node));
  if (!first) throw new Error("there is no validator");
  return planByVote([first, ...others], name, height);
}

/** A validator's own pod has its keyring, and the password is with the artifacts. */
function voterOf(network: RunningNetwork, node: string): Voter {
  const key = `--from ${node}-key --keyring-backend file --home ${nodeHome} --chain-id ${local.chain.id}`;
  const password = readFileSync(join(artifactsFolder(network.location), node, "keyring_password.txt"), "utf8").trim();
  return {
    send: (words) =>
      inPod(network, node, `echo "$0" | mezod tx ${words} ${key} ${rpc} ${paid} --yes --output json`, password),
    query: (words) => inPod(network, node, `mezod query ${words} --home /tmp/query ${rpc} --output json`),
  };
}

/** The program that a validator's pod runs. */
export const programOf = (network: RunningNetwork, node: string): Promise<string> =>
  inPod(network, node, 'read -r program <"$HOME/program"; echo "$program"');

const inPod = ({ operator }: RunningNetwork, node: string, script: string, ...args: string[]) =>
  operator.kubectl("exec", podOf(node), "--container", "mezo-node", "--", "/bin/sh", "-c", script, ...args);
