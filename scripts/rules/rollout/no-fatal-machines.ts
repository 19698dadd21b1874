import { validatorsPerMachine } from "generators/network/machines.ts";
import { networkFile } from "generators/network/paths.ts";
import { tolerated } from "generators/network/rollout.ts";
import type { Rule } from "../rule.ts";

export default {
  id: "no-fatal-machines",
  why: "Machines fail, and are replaced for upgrades: one that takes more validators with it than the chain can spare halts the chain.",
  fix: 'Add machines until there are as many as validators, in each zone as many as the zone has validators\' disks; then set `gke.nodes`, and `spread: "required"`.',
  brokenBy: "network",
  *check(_manifests, network) {
    const each = network && validatorsPerMachine(network);
    if (!network?.gke || each === undefined || each === 1) return;
    const { name, gke, validators } = network;
    const spared = tolerated(validators.length);
    if (each <= spared) return;
    const message = `${validators.length} validators on ${gke.nodes} ${gke.nodes === 1 ? "machine" : "machines"} put ${each} on one; the chain can spare ${spared}, so it halts when that machine is lost`;
    yield { severity: "warning", object: networkFile(name), field: "spread", message };
  },
} satisfies Rule;
