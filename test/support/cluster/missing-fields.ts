/**
 * The paths of all fields that an object lacks or has with another value, compared with the expected object. It may have
 * more fields.
 */
export function missingFields(expected: unknown, actual: unknown, path: string[] = []): string[] {
  if (typeof expected !== "object" || expected === null) return expected === actual ? [] : [path.join(".")];
  return Object.entries(expected).flatMap(([key, value]) =>
    missingFields(value, (actual as Record<string, unknown> | undefined)?.[key], [...path, key]),
  );
}
