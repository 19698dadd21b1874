import type { NetworkDeclaration } from "generators/network/schema.ts";

type Upgrade = NonNullable<NetworkDeclaration["upgrade"]>;

/** A declaration whose upgrade is done: its release is the image, and the plan is gone. */
export function finished({ upgrade, ...declaration }: NetworkDeclaration): NetworkDeclaration {
  if (!upgrade) return declaration;
  return { ...declaration, image: { repository: declaration.image.repository, ...releaseOf(upgrade) } };
}

/**
 * The text of a network's file with the same change, where it has both fields as people write them; otherwise the text as
 * it is. Whoever writes it makes sure that it declares what `finished` says.
 */
export function finishedText(text: string, upgrade: Upgrade): string {
  const release = Object.entries(releaseOf(upgrade)).map(([field, value]) => `${field}: ${JSON.stringify(value)}`);
  return text
    .replace(/^[ \t]*upgrade: \{[^{}]*\},?\n/m, "")
    .replace(/(\bimage: \{)([^{}]*)(\})/, (whole, start: string, fields: string, end: string) => {
      // The first of the three becomes the new release, the others go.
      const [first, ...rest] = fields.match(/\b(?:tag|digest|release): "[^"]*"/g) ?? [];
      if (first === undefined) return whole;
      const shorter = rest.reduce(
        (left, field) => left.replace(new RegExp(`,\\s*${field}(?=\\s*$)|\\s*${field},?`), ""),
        fields,
      );
      return `${start}${shorter.replace(first, release.join(", "))}${end}`;
    });
}

/** What a person writes in place of this command. */
export const byHand = (upgrade: Upgrade): string =>
  `set ${Object.entries(releaseOf(upgrade))
    .map(([field, value]) => `image.${field} to "${value}"`)
    .join(" and ")}, and take \`upgrade\` out`;

const releaseOf = ({ tag, digest, release }: Upgrade) => ({
  ...(tag !== undefined && { tag }),
  ...(digest !== undefined && { digest }),
  ...(release !== undefined && { release }),
});
