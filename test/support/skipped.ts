import type { SuiteAPI, TestAPI } from "vitest";

/** `test` or `describe` that runs nothing, and says why in the name of each test. */
export function skipped<Api extends TestAPI | SuiteAPI>(api: Api, reason: string): Api {
  const named = (name: string) => `${name} (skipped: ${reason})`;
  const { skip } = api as TestAPI;
  type Rest = Parameters<typeof skip> extends [unknown, ...infer Rest] ? Rest : never;
  const one = (name: string, ...rest: Rest) => skip(named(name), ...rest);
  const each =
    (cases: readonly unknown[]) =>
    (name: string, ...rest: Rest) =>
      skip.each(cases)(named(name), ...(rest as [() => void]));
  return Object.assign(one, { each, skip }) as unknown as Api;
}
