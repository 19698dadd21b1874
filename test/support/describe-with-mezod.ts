import { mezodUnavailable } from "tools/mezod/program.ts";
import { describe } from "vitest";

/** `describe` for tests that run mezod. Where it is unavailable they are skipped, with the reason in their name. */
export const describeWithMezod = (name: string, tests: () => void) =>
  describe.skipIf(mezodUnavailable)(mezodUnavailable ? `${name} (skipped: ${mezodUnavailable})` : name, tests);
