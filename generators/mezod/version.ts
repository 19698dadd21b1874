// mezod's tags: v13.0.0, and v13.0.0-rc1 before it.
const form = /^v?(\d+)\.(\d+)\.(\d+)(?:-rc(\d+))?$/;

/** Whether a tag is one of mezod's releases. */
export const isVersion = (tag: string) => form.test(tag);

/** How two releases stand to each other: below 0 where the first is older. A candidate is older than its release. */
export function compareVersions(one: string, other: string): number {
  const [a, b] = [parts(one), parts(other)];
  const position = a.findIndex((part, i) => part !== b[i]);
  return position === -1 ? 0 : (a[position] ?? 0) - (b[position] ?? 0);
}

const parts = (version: string) => {
  const [, major, minor, patch, candidate = Number.MAX_SAFE_INTEGER] = form.exec(version) ?? [];
  return [major, minor, patch, candidate].map(Number);
};
