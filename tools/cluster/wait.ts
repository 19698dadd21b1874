import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks until the answer is truthy, and returns it.
 *
 * @throws {Error} after so many seconds, with what the last attempt answered or threw.
 */
export async function eventually<T>(ask: () => Promise<T> | T, seconds: number, what = "it"): Promise<NonNullable<T>> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    let last: unknown;
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error instanceof Error ? error.message : error;
    }
    if (Date.now() > end) throw new Error(`${what} did not come about in ${seconds} s: ${last}`);
    await sleep(100);
  }
}

/** Checks again and again for so many seconds: the way to say that something does not happen. Throws what a check throws. */
export async function holds(check: () => Promise<void>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  do {
    await check();
    await sleep(250);
  } while (Date.now() < end);
}
