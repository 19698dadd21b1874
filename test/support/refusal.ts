import { expect } from "vitest";
import { hashes } from "./artifacts.ts";
import type { Ran } from "./checkout.ts";

/** How a command must refuse a fault: with this exit code, and with output that holds or matches this text. */
export interface Refusal {
  code?: 1 | 2;
  says: string | RegExp;
}

/** Runs a command on a fault: it must say so, show no stack, and change nothing below these folders. */
export function refuses(folders: readonly string[], attempt: () => Ran, { code = 1, says }: Refusal): Ran {
  const before = folders.map(hashes);
  const ran = attempt();
  const said = ran.stderr + ran.stdout;
  if (typeof says === "string") expect(said).toContain(says);
  else expect(said).toMatch(says);
  expect(said).not.toMatch(/^ {4}at /m);
  expect(ran.code).toBe(code);
  expect(folders.map(hashes)).toEqual(before);
  return ran;
}
