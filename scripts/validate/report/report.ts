import type { Outcome } from "../outcome.ts";

/**
 * What a validation found, as text.
 *
 * @param root the repository, whose files a report may name.
 */
export type Report = (outcomes: readonly Outcome[], root: string) => string;
