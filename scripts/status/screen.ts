import { nodeName } from "generators/network/names.ts";
import { releaseOf } from "generators/network/release.ts";
import type { Network } from "generators/network/schema.ts";
import { inMaintenance, isPaused } from "generators/network/validators.ts";
import { columns, formatVerdict } from "../lib/print-verdicts.ts";
import type { Verdict } from "../lib/verdict.ts";
import { wrap } from "../lib/wrap.ts";
import type { KeylessFacts, PodFacts, StatusFacts, ValidatorFacts } from "./facts.ts";
import { percentOf, votesOf } from "./judge-validator.ts";

const general = ["Argo CD", "chain", "JSON-RPC", "snapshots"];

/** The status as a screen of 80 columns: the network in a few lines, a line for each validator, and what is not fine. */
export function statusScreen(network: Network, facts: StatusFacts, verdicts: readonly Verdict[]): string {
  const time = new Date(facts.now).toISOString().slice(11, 19);
  const title = `${network.name} (${network.chain.id})`;
  const fine = verdicts.filter(({ level, about }) => level === "ok" && general.includes(about));
  const margin = Math.max(8, ...fine.map(({ about }) => about.length)) + 1;
  const wanting = verdicts.filter(({ level }) => level !== "ok");
  return [
    `${title}${`${time} UTC`.padStart(Math.max(1, columns - title.length))}`,
    wrap(`context ${facts.context}`, columns, ""),
    "",
    ...fine.map(({ about, says }) => `${about.padEnd(margin)}${wrap(says, columns - margin, " ".repeat(margin))}`),
    "",
    validatorTable(network, facts),
    "",
    ...(wanting.length > 0 ? wanting.map(formatVerdict) : ["Nothing needs a person."]),
  ].join("\n");
}

function validatorTable(network: Network, facts: StatusFacts): string {
  const rows = [
    ["validator", "pod", "release", "height", "signs", "peers", "restarts", "disk"],
    ...facts.validators.map((each) => row(network, facts, each)),
    ...facts.keyless.map((each) => keylessRow(network, each)),
  ];
  const widths = (rows[0] as string[]).map((_, i) => Math.max(...rows.map((cells) => (cells[i] ?? "").length)));
  // The columns that take names shrink where 80 columns are too few.
  const spare = columns - widths.reduce((sum, width) => sum + width, 0) - 2 * (widths.length - 1);
  if (spare < 0) widths[0] = Math.max(8, (widths[0] ?? 0) + spare);
  const cell = (text: string, i: number) => text.slice(0, widths[i]).padEnd(widths[i] ?? 0);
  return rows.map((cells) => cells.map(cell).join("  ").trimEnd()).join("\n");
}

function row(network: Network, facts: StatusFacts, validator: ValidatorFacts): string[] {
  const { index, pod, node, disk } = validator;
  const answers = "value" in node ? node.value : undefined;
  const chain = "value" in facts.chain ? facts.chain.value : undefined;
  const votes = chain && votesOf(network, chain, index);
  return [
    nodeName(network, index),
    podWord(network, validator),
    pod ? releaseIn(network, index, pod.image) : "-",
    answers ? String(answers.height) : "-",
    votes === undefined || !chain ? "-" : `${votes}/${chain.commits.length}`,
    answers ? String(answers.peers) : "-",
    pod ? String(pod.restarts) : "-",
    "value" in disk ? `${percentOf(disk.value)} %` : "?",
  ];
}

/** The same of a node without a key, which signs nothing. */
function keylessRow(network: Network, { name, pod, node, disk }: KeylessFacts): string[] {
  const answers = "value" in node ? node.value : undefined;
  return [
    name,
    wordOf(pod),
    pod ? releaseIn(network, undefined, pod.image) : "-",
    answers ? String(answers.height) : "-",
    "-",
    answers ? String(answers.peers) : "-",
    pod ? String(pod.restarts) : "-",
    "value" in disk ? `${percentOf(disk.value)} %` : "?",
  ];
}

function podWord(network: Network, { index, pod }: ValidatorFacts): string {
  if (isPaused(network, index)) return "paused";
  return pod && !pod.isGoing && inMaintenance(network, index) ? "sleeps" : wordOf(pod);
}

function wordOf(pod: PodFacts | undefined): string {
  if (!pod) return "none";
  if (pod.isGoing) return "ends";
  return pod.isReady ? "ready" : pod.phase === "Running" ? "not ready" : pod.phase.toLowerCase();
}

/** The release in a pod's image: the network's own word for a digest, which says none. */
function releaseIn(network: Network, index: number | undefined, image: string): string {
  const tag = /:([\w][\w.-]*)$/.exec(image.split("@")[0] ?? "")?.[1];
  return (image.includes("@") ? releaseOf(network, index) : (tag ?? "?")).slice(0, 14);
}
