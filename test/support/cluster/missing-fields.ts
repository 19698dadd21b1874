/** The paths of all that stands in one object and not, or not so, in another one, which may hold more. */
export function missing(wanted: unknown, present: unknown, path: string[] = []): string[] {
  if (typeof wanted !== "object" || wanted === null) return wanted === present ? [] : [path.join(".")];
  return Object.entries(wanted).flatMap(([key, value]) =>
    missing(value, (present as Record<string, unknown> | undefined)?.[key], [...path, key]),
  );
}
