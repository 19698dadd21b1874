import { $ as shell } from "zx/core";
import { shellWord } from "./shell-word.ts";

/**
 * zx with a POSIX shell, which every machine has. bash, which zx takes otherwise, may be missing, and it reads the user's
 * ~/.bashrc where its standard input is a socket, as Node's are.
 */
export const $ = shell({ shell: "/bin/sh", prefix: "", postfix: "", quote: shellWord });
