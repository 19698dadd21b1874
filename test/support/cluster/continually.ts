import { setTimeout as sleep } from "node:timers/promises";

/** Checks again and again for that many seconds, to show that something does not happen. Throws what a check throws. */
export async function continually(check: () => Promise<void>, seconds: number): Promise<void> {
  const end = Date.now() + seconds * 1000;
  do {
    await check();
    await sleep(250);
  } while (Date.now() < end);
}
