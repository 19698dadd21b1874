import { seconds } from "./duration.ts";

/** What a value may be. */
export interface Kind {
  /** In words, after "must be". */
  expected: string;
  holds: (value: unknown) => boolean;
}

const ofText = (expected: string, holds: (value: string) => boolean): Kind => ({
  expected,
  holds: (value) => typeof value === "string" && holds(value),
});

const range = (min: number | string, max?: number | string) =>
  max === undefined ? `${min} or more` : `${min} to ${max}`;

const isWithin = (number: number, min: number, max = Number.MAX_SAFE_INTEGER) => number >= min && number <= max;

export const bool: Kind = { expected: "true or false", holds: (value) => typeof value === "boolean" };

/** A whole number. */
export const whole = (min: number, max?: number): Kind => ({
  expected: `a whole number of ${range(min, max)}`,
  holds: (value) => Number.isSafeInteger(value) && isWithin(value as number, min, max),
});

/** A whole number that the file has in quotes. */
export const quoted = (min: number, max?: number): Kind =>
  ofText(
    `a whole number of ${range(min, max)}, as text`,
    (value) => /^(0|[1-9]\d*)$/.test(value) && isWithin(Number(value), min, max),
  );

/** A Go duration with its unit, within bounds that are durations themselves. */
export const duration = (min: string, max?: string): Kind =>
  ofText(`a duration of ${range(min, max)} with its unit, such as "500ms" or "1m30s"`, (value) =>
    isWithin(seconds(value), seconds(min), max === undefined ? undefined : seconds(max)),
  );

/** One of some values. */
export const oneOf = (...values: readonly (string | number | boolean)[]): Kind => ({
  expected: values.map((value) => JSON.stringify(value)).join(" or "),
  holds: (value) => values.some((each) => each === value),
});

/** Text that matches a pattern. */
export const text = (pattern: RegExp, expected: string): Kind => ofText(expected, (value) => pattern.test(value));

export const anyText: Kind = ofText("text", () => true);

/** Values of either kind. */
export const either = (one: Kind, other: Kind): Kind => ({
  expected: `${one.expected}, or ${other.expected}`,
  holds: (value) => one.holds(value) || other.holds(value),
});

/** A list whose items are all of one kind. */
export const list = (item: Kind): Kind => ({
  expected: `a list, each item ${item.expected}`,
  holds: (value) => Array.isArray(value) && value.every(item.holds),
});

/** Text with commas between items, none of them twice; it may be empty. CometBFT and the EVM read lists like that. */
export const commaList = (item: Kind, what: string): Kind =>
  ofText(`${what} with commas between them, none of them twice`, (value) => {
    const items = value === "" ? [] : value.split(",");
    return items.every(item.holds) && new Set(items).size === items.length;
  });

/** Lists as above that have an item in them. */
export const including = (item: string): Kind =>
  ofText(`a list with ${item} in it`, (value) => value.split(",").includes(item));

/** Namespaces of JSON-RPC. Others are only logged by the node, and a repeated one stops its start. */
export const namespaces = (...known: string[]): Kind => commaList(oneOf(...known), `some of ${known.join(", ")}`);

const nodeId = "[0-9a-f]{40}";

/** Peers as CometBFT dials them. */
export const peers = commaList(
  text(new RegExp(`^${nodeId}@[A-Za-z0-9.-]+:[1-9]\\d{0,4}$`), "a peer"),
  "peers such as <40 hex characters>@<host>:26656,",
);

export const nodeIds = commaList(text(new RegExp(`^${nodeId}$`), "a node id"), "node ids of 40 hex characters,");

/** An address to listen on. */
export const listener = text(
  /^(tcp:\/\/)?([\d.]*|\[[\d:a-f]*\]):[1-9]\d{0,4}$/,
  'an address such as "tcp://0.0.0.0:26657"',
);

/** Where a program listens, as another one dials it. */
export const hostAndPort = text(/^[\w.-]+:[1-9]\d{0,4}$/, "<host>:<port>");

/** A file that the node reads or writes, relative to its home. */
export const path = text(/^[\w.-]+(\/[\w.-]+)*$/, "a path within the node's home");
