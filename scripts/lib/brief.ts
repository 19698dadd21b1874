import { $ } from "zx/core";

/**
 * Runs a program that reads a few files, says something and ends. Go programs spend a fifth of such a run on collecting
 * garbage; here they do so less often, and take some 20 MB more while they last.
 */
export const brief = $({ nothrow: true, quiet: true, env: { GOGC: "400", ...process.env } });
