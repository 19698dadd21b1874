import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tagImage, toolsImage } from "tools/cluster/node/containerd.ts";
import { eventually } from "tools/cluster/wait.ts";
import { expect, test } from "vitest";
import { volumeOf } from "../support/chain/faults.ts";
import { describeLive, type Live } from "../support/chain/live.ts";
import { note } from "../support/chain/results.ts";
import { commandsOf } from "../support/chain/runbook.ts";
import { findDoubleSigns } from "../support/chain/signatures.ts";
import { local } from "../support/networks.ts";

const node = "mezo-node-1";
const commands = commandsOf("restore-a-volume");
// So that it does not take the time that a hundred blocks do.
const blocks = 15;

describeLive("the runbook for a volume", (live) => {
  let savedAt: number;

  test("backs it up", async () => {
    const { place, nodes } = live();
    // What the runbook's image is here: no registry is asked.
    await tagImage(place, toolsImage, "busybox:1.37");
    await follow(live(), ["Stop the validator", "Back up"]);
    savedAt = Number(stateIn(live()).height);
    expect(savedAt).toBeGreaterThan(0);
    await follow(live(), ["Start it again"]);
    await nodes.isWhole(120);
    expect((await live().at.app.read()).spec.syncPolicy.automated.selfHeal).toBe(true);
  });

  test("restores it: the validator catches up, and signs nothing that it may have signed before", async () => {
    const { place, nodes } = live();
    // It has signed more since.
    await eventually(() => Number(stateIn(live()).height) > savedAt + 2, 60, "more signatures");
    const lostAt = Number(stateIn(live()).height);
    await follow(live(), ["Stop the validator"]);
    // No signing state is better than an old one, or one of a height that nobody said.
    const unanswered = follow(live(), ["Restore"], ["type=node", "type=nobody"]);
    await expect(unanswered).rejects.toThrow("priv_validator_state.json: No such file");
    expect(existsSync(stateFile(live()))).toBe(false);
    await follow(live(), ["Restore", "Start it again"]);
    const raised = Number(stateIn(live()).height);
    expect(raised).toBeGreaterThan(lostAt);
    await nodes.isWhole(180);

    const { address } = (await nodes.rpc(node, "/status")).validator_info;
    const signs = async (height: number) => {
      const { lastCommit } = await nodes.block("mezo-node-0", height + 1);
      return lastCommit.signatures.some(({ validator }) => validator === address);
    };
    await eventually(async () => (await nodes.top()) > raised + 3, 150, `height ${raised + 3}`);
    const heights = Array.from({ length: raised - lostAt }, (_, i) => lostAt + i);
    const signed = await Promise.all(heights.map(signs));
    // Stopped, it signed no more, and restored, not before that height.
    expect(raised - (heights[signed.lastIndexOf(true)] ?? 0)).toBeGreaterThanOrEqual(blocks);
    await eventually(async () => signs((await nodes.top()) - 1), 60, `a signature of ${node}`);
    const { wrong } = await findDoubleSigns(nodes);
    expect(wrong).toEqual([]);
    note(
      place,
      "a volume, restored",
      `from height ${savedAt}, lost at ${lostAt}; signs again from ${raised} on, none twice for a height`,
    );
  });
});

/** Does what the runbook says under those headings, with this network's names, and one change of what it says. */
async function follow({ at }: Live, headings: string[], [from, to] = ["", ""]): Promise<void> {
  const script = ["", ...headings].map(commands).join("\n");
  const here = script
    .replace("application=mezo-staging", `application=mezo-${local.name}`)
    .replace("blocks=100", `blocks=${blocks}`)
    .replace(from, to);
  const kubeconfig = join(at.clone, "..", "runbook.kubeconfig");
  const config = JSON.parse(readFileSync(at.kubeconfig, "utf8"));
  config.contexts[0].context.namespace = local.namespace;
  writeFileSync(kubeconfig, JSON.stringify(config));
  const settings = `export KUBECONFIG=${kubeconfig}; argocd() { command argocd "$@" --auth-token none; }`;
  await at.run("bash", ["-euo", "pipefail", "-c", `${settings}\n${here}`]);
}

const stateFile = ({ place }: Live) => join(volumeOf(place, node), "priv_validator_state.json");

const stateIn = (live: Live) => JSON.parse(readFileSync(stateFile(live), "utf8"));
