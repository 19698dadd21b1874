import { diffLines } from "diff";
import { parse as parseToml } from "smol-toml";
import { type FieldChange, fieldChanges } from "./fields.ts";

type Data = Readonly<Record<string, string>>;

/** The changes of a ConfigMap's files: TOML and JSON by key, everything else by line. */
export const fileChanges = (was: Data = {}, is: Data = {}): FieldChange[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])]
    .filter((file) => was[file] !== is[file])
    .flatMap((file) => ofFile(file, was[file], is[file]));

function ofFile(file: string, was: string | undefined, is: string | undefined): FieldChange[] {
  if (was === undefined || is === undefined) return [{ path: file, note: was === undefined ? "is new" : "goes" }];
  const [before, now] = [read(file, was), read(file, is)];
  const changes = before && now ? fieldChanges(before, now) : [];
  if (changes.length > 0) return changes.map((change) => ({ ...change, path: `${file} ${change.path}` }));
  const isOneLine = [was, is].every((text) => !text.trimEnd().includes("\n"));
  return isOneLine ? [{ path: file, was, is }] : [{ path: file, lines: lineChanges(was, is) }];
}

/** A file's values; undefined where it has none, or is broken. */
function read(file: string, text: string): unknown {
  try {
    if (file.endsWith(".toml")) return parseToml(text);
    return file.endsWith(".json") ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

/** The lines that go and come, in their order. */
export const lineChanges = (was: string, is: string): string[] =>
  diffLines(was, is)
    .filter(({ added, removed }) => added || removed)
    .flatMap(({ added, value }) =>
      value
        .replace(/\n$/, "")
        .split("\n")
        .map((line) => `${added ? "+" : "-"}${line}`),
    );
