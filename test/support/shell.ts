import { existsSync } from "node:fs";

const busybox = "/bin/busybox";

/**
 * The shell that takes the place of the image's /bin/sh, with its first arguments: busybox's, as there, where the machine
 * has it. Any other does as well, but one whose `read` knows no time limit waits by starting mezod again and again.
 */
export const shell: [string, ...string[]] = existsSync(busybox) ? [busybox, "sh"] : ["/bin/sh"];
