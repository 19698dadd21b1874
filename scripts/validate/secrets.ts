import type { Finding } from "../lib/finding.ts";
import { type Content, limit } from "../secrets/content.ts";
import { type Found, scan, type Unread } from "../secrets/scan.ts";

/**
 * Every secret in some contents, by file and line, a warning for what was not searched, and the number of contents.
 *
 * @param hasBegun called once gitleaks runs.
 * @throws {OperatorError} when gitleaks or git fails.
 */
export async function secretsIn(
  contents: AsyncIterable<Content>,
  hasBegun?: () => void,
): Promise<{ findings: Finding[]; count: number }> {
  const { found, unread, count } = await scan(contents, hasBegun);
  return { findings: [...found.map(secret), ...unread.map(notRead)], count };
}

const secret = ({ path, place, line, what }: Found): Finding => ({
  severity: "error",
  ...objectOf(path, place),
  field: place === "" ? `line ${line}` : `line ${line}, ${place}`,
  message: `${place === "" || place === "staged" ? "holds" : "held"} ${what}`,
});

const notRead = ({ path, place, why }: Unread): Finding => ({
  severity: "warning",
  ...objectOf(path, place),
  field: place,
  message:
    why === "size"
      ? `is larger than ${limit / 1_000_000} MB and was not searched for secrets`
      : "is an archive: what is encrypted, damaged or nested more than two archives deep in it was not searched for secrets",
});

const objectOf = (path: string, place: string) => ({ object: path || `message of ${place}` });
