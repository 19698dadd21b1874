import type { SuiteAPI, TestAPI } from "vitest";
import * as vitest from "vitest";
import { notInSample } from "../sample.ts";
import { skipped } from "../skipped.ts";

// That take about as long, each some ten minutes.
const parts = 3;

interface Api {
  describe: SuiteAPI;
  test: TestAPI;
}

/**
 * `test` and `describe` of a file whose tests take long. A commit runs one part of such files; those of the others are
 * skipped, and vitest sets nothing up for them.
 *
 * @param part the part that the file is in, from 0.
 * @param of where it has them from otherwise.
 */
export function longTests(part: number, { describe, test }: Api = vitest): Api {
  const reason = notInSample(part, parts);
  return reason === undefined
    ? { describe, test }
    : { describe: skipped(describe, reason), test: skipped(test, reason) };
}
