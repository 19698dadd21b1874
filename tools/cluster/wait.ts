import { setTimeout as sleep } from "node:timers/promises";

/**
 * Asks until the answer is truthy, and returns it.
 *
 * @throws {Error} after that many seconds, with what the last attempt returned or threw.
 */
export async function eventually<T>(
  ask: () => Promise<T> | T,
  seconds: number,
  what = "a condition",
): Promise<NonNullable<T>> {
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
    if (Date.now() > end) throw new Error(`timed out after ${seconds} s waiting for ${what}: ${last}`);
    await sleep(100);
  }
}
