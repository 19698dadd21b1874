/** How something is: fine, worth a look, or in need of a person. */
export type Level = "ok" | "warning" | "error";

/** What a command finds of one thing. */
export interface Verdict {
  level: Level;
  /** What it is about: "argocd", "mezo-node-3". */
  about: string;
  /** A full sentence, with the value and the limit in it. */
  says: string;
  /** What to do; only where it is not fine. */
  remedy?: string;
}

export const ok = (about: string, says: string): Verdict => ({ level: "ok", about, says });
export const warning = (about: string, says: string, remedy: string): Verdict => ({
  level: "warning",
  about,
  says,
  remedy,
});
export const error = (about: string, says: string, remedy: string): Verdict => ({
  level: "error",
  about,
  says,
  remedy,
});

/** The exit code of a command with these verdicts: 1 where one needs a person. */
export const exitCode = (verdicts: readonly Verdict[]): number =>
  verdicts.some(({ level }) => level === "error") ? 1 : 0;
