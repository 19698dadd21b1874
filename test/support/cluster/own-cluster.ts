import { inject, type SuiteAPI, type TestAPI, describe as vitestDescribe, test as vitestTest } from "vitest";

const reason = "needs a cluster of our own, to control its nodes and kill its programs";

/** `test` and `describe` for what needs a cluster of our own. With an existing cluster they are skipped. */
export const test = skippedWithExistingCluster(vitestTest);
export const describe = skippedWithExistingCluster(vitestDescribe);

function skippedWithExistingCluster<T extends TestAPI | SuiteAPI>(api: T): T {
  if (!inject("cluster").isExisting) return api;
  const withReason = (name: string) => `${name} (skipped: ${reason})`;
  const { skip } = api as TestAPI;
  const one = (name: string) => skip(withReason(name), () => {});
  const each = (rows: unknown[]) => (name: string) => skip.each(rows)(withReason(name), () => {});
  return Object.assign(one, { each, skip }) as unknown as T;
}
