import { readFileSync } from "node:fs";
import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { artifactsFolder, type ClusterLocation, nodePath } from "tools/cluster/location.ts";
import { importImage } from "tools/cluster/node/containerd.ts";
import { makeImage } from "tools/cluster/node/images.ts";
import { eventually } from "tools/cluster/wait.ts";
import { nextMezodPath } from "tools/mezod/program.ts";
import { local } from "../networks.ts";
import { nodeNames, podOf } from "./chain.ts";
import type { RunningNetwork } from "./running-network.ts";

const nodeHome = "/mnt/.mezod";
const rpc = "--node tcp://127.0.0.1:26657";
// More than any release's base fee takes for so much gas.
const paid = "--gas 500000 --fees 10000000000000000abtc";

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

async function importProgram(location: ClusterLocation, tag: string, program: string): Promise<void> {
  const programs = { "/usr/bin/mezod": program, "/bin/sh": "/bin/busybox" };
  const image = { names: [`${local.image.repository}:${tag}`], programs };
  await importImage(location, await makeImage(nodePath(location), image));
}

/** Makes a plan on the chain: one validator proposes it, and all vote for it. Takes about half a minute. */
export async function planUpgrade(network: RunningNetwork, name: string, height: number): Promise<void> {
  const [proposer = ""] = nodeNames;
  const proposal = `--upgrade-height ${height} --title plan --summary plan --deposit 10000000abtc --no-validate`;
  await send(network, proposer, `upgrade software-upgrade ${name} ${proposal}`);
  const id = await eventually(() => openProposal(network, proposer), 60, "the proposal");
  await Promise.all(nodeNames.map((node) => send(network, node, `gov vote ${id} yes`)));
  const isPlanned = async () => (await query(network, proposer, "upgrade plan")).includes(`"${name}"`);
  await eventually(isPlanned, 90, `the plan ${name}`);
}

/** The id of a proposal that can be voted for. */
async function openProposal(network: RunningNetwork, node: string): Promise<string | undefined> {
  const { proposals } = JSON.parse(await query(network, node, "gov proposals --proposal-status voting-period"));
  return proposals?.at(-1)?.id;
}

/** Sends a transaction of a validator's account from its own pod, which has the keyring. */
function send(network: RunningNetwork, node: string, command: string): Promise<string> {
  const password = readFileSync(join(artifactsFolder(network.location), node, "keyring_password.txt"), "utf8").trim();
  const key = `--from ${node}-key --keyring-backend file --home ${nodeHome} --chain-id ${local.chain.id}`;
  const words = `echo "$0" | mezod tx ${command} ${key} ${rpc} ${paid} --yes --output json`;
  return inPod(network, node, words, password);
}

const query = (network: RunningNetwork, node: string, command: string) =>
  inPod(network, node, `mezod query ${command} --home /tmp/query ${rpc} --output json`);

/** The program that a validator's pod runs. */
export const programOf = (network: RunningNetwork, node: string): Promise<string> =>
  inPod(network, node, 'read -r program <"$HOME/program"; echo "$program"');

const inPod = ({ operator }: RunningNetwork, node: string, script: string, ...args: string[]) =>
  operator.kubectl("exec", podOf(node), "--container", "mezo-node", "--", "/bin/sh", "-c", script, ...args);
