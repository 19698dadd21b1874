import { inject, describe as vitestDescribe, test as vitestTest } from "vitest";
import { skipped } from "../skipped.ts";

const reason = "needs a cluster of our own, to control its nodes and kill its programs";
const { isExisting } = inject("cluster");

/** `test` and `describe` for what needs a cluster of our own. With an existing cluster they are skipped. */
export const test = isExisting ? skipped(vitestTest, reason) : vitestTest;
export const describe = isExisting ? skipped(vitestDescribe, reason) : vitestDescribe;
