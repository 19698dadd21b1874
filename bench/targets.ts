import type { Timing } from "./statistics.ts";

/** Commands by name, each with what it took. */
export type Timings = ReadonlyMap<string, Timing>;

/** What must hold, with the number that must not be exceeded. */
export interface Target {
  text: string;
  atMost: number;
  unit: "×" | "ms";
  value: (milliseconds: (name: string) => number) => number;
}

/** A target, what it came to by the minima and by the medians, and whether it is met by both, by neither, or by one. */
export interface Judged extends Omit<Target, "value"> {
  minimum: number;
  median: number;
  verdict: "met" | "missed" | "unclear";
}

type Milliseconds = Parameters<Target["value"]>[0];

const fasterPeer = (ms: Milliseconds, size: number) =>
  Math.min(ms(`cdk8s synth, ${size}`), ms(`kosko generate, ${size}`));

const targets: Target[] = [
  {
    text: "gen(5) to the faster of cdk8s and kosko",
    atMost: 1 / 2,
    unit: "×",
    value: (ms) => ms("gen, 5") / fasterPeer(ms, 5),
  },
  {
    text: "gen(5) over starting Node with the same imports",
    atMost: 60,
    unit: "ms",
    value: (ms) => ms("gen, 5") - ms("Node with gen's imports"),
  },
  {
    text: "gen(1000) to gen(100), a validator",
    atMost: 1,
    unit: "×",
    value: (ms) => ms("gen, 1000") / 1000 / (ms("gen, 100") / 100),
  },
  {
    text: "gen(1000) to the faster of cdk8s and kosko",
    atMost: 1 / 4,
    unit: "×",
    value: (ms) => ms("gen, 1000") / fasterPeer(ms, 1000),
  },
  {
    text: "gen(1000) to helm",
    atMost: 1,
    unit: "×",
    value: (ms) => ms("gen, 1000") / ms("helm template, 1000"),
  },
  {
    text: "gen(1000) to plain writing of the same bytes",
    atMost: 3,
    unit: "×",
    value: (ms) => ms("gen, 1000") / ms("plain writing, 1000"),
  },
  {
    text: "gen(1000) of an unchanged tree to writing it",
    atMost: 1 / 2,
    unit: "×",
    value: (ms) => ms("gen, unchanged, 1000") / ms("gen, 1000"),
  },
  {
    text: "validate(5) to the sum of its parts",
    atMost: 1.3,
    unit: "×",
    value: (ms) => ms("validate, 5") / ms("kustomize and kubeconform, 5"),
  },
];

/** Judges every target. */
export function judge(timings: Timings): Judged[] {
  const by = (which: keyof Timing) => (name: string) => timings.get(name)?.[which] ?? Number.NaN;
  return targets.map(({ value, ...target }) => {
    const [minimum, median] = [value(by("minimum")), value(by("median"))];
    const met = [minimum, median].filter((number) => number <= target.atMost).length;
    return { ...target, minimum, median, verdict: met === 2 ? "met" : met === 0 ? "missed" : "unclear" };
  });
}
