import { inject, type SuiteAPI, type TestAPI, describe as vitestDescribe, test as vitestTest } from "vitest";

const reason = "needs a cluster of our own, to steer its nodes and kill its programs";

/** `test` and `describe` for what only a cluster of our own takes; on one that is there already they are skipped. */
export const test = onlyOnOwn(vitestTest);
export const describe = onlyOnOwn(vitestDescribe);

function onlyOnOwn<T extends TestAPI | SuiteAPI>(api: T): T {
  if (!inject("cluster").isExisting) return api;
  const named = (name: string) => `${name} (skipped: ${reason})`;
  const { skip } = api as TestAPI;
  const one = (name: string) => skip(named(name), () => {});
  const each = (rows: unknown[]) => (name: string) => skip.each(rows)(named(name), () => {});
  return Object.assign(one, { each }) as unknown as T;
}
