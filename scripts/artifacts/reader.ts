import { readdirSync, statSync } from "node:fs";
import { readRegular } from "generators/files.ts";
import { OperatorError } from "generators/operator-error.ts";
import { errorAt, type Finding } from "../lib/finding.ts";

/** A folder that is read, and what was found to be wrong with its files. */
export interface Reader {
  folder: string;
  findings: Finding[];
}

/** Notes what is wrong with a file. */
export const report = ({ findings }: Reader, file: string, message: string): void =>
  void findings.push(errorAt(file, "", message));

/** Decodes nothing but UTF-8, so that what is written is what was read, byte for byte. */
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a file and uses it. What goes wrong is reported without the file's content, which may be secret.
 *
 * @param kind what the file must be, such as "a genesis"; reported where `use` fails without a message for the operator.
 */
export function attempt<T extends object>(
  reader: Reader,
  file: string,
  kind: string,
  use: (text: string) => T,
): Partial<T> {
  let text: string;
  try {
    text = utf8.decode(readRegular(reader.folder, file, { follow: true }));
  } catch (error) {
    const { syscall } = error as NodeJS.ErrnoException;
    if (error instanceof OperatorError) report(reader, file, error.message.slice(`${file}: `.length));
    else report(reader, file, syscall ? "is missing" : "is not UTF-8");
    return {};
  }
  try {
    return use(text);
  } catch (error) {
    report(reader, file, error instanceof OperatorError ? error.message : `is not ${kind}`);
    return {};
  }
}

/** The names in a folder; none where there is no folder. */
export const filesIn = (folder: string): string[] =>
  statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? readdirSync(folder) : [];
