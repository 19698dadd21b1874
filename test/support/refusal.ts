import { expect } from "vitest";
import { hashes } from "./artifacts.ts";
import type { Ran } from "./checkout.ts";

/** What a command must do about a fault: end with that code, and say that, in whole or in part. */
export interface Refusal {
  code?: 1 | 2;
  says: string | RegExp;
}

/** Runs a command on a fault: it says so, shows no stack, and leaves every file and folder below these as they were. */
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
