import { hasPoa, mezodUnavailable } from "tools/mezod/program.ts";
import { describe } from "vitest";

/** `describe` for tests that run mezod. Where it is unavailable they are skipped, with the reason in their name. */
export const describeWithMezod = (name: string, tests: () => void) => describeUnless(mezodUnavailable, name, tests);

/** The same for tests of what the stand-in alone does. */
export const describeWithStandIn = (name: string, tests: () => void) =>
  describeUnless(mezodUnavailable ?? (hasPoa() ? "the stand-in alone does it" : undefined), name, tests);

const describeUnless = (reason: string | undefined, name: string, tests: () => void) =>
  describe.skipIf(reason)(reason ? `${name} (skipped: ${reason})` : name, tests);
