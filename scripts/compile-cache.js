// Preloaded by the commands in package.json: Node keeps what it compiled, TypeScript above all, for the next start.
// JavaScript, so that it does not itself wait for the compiler.
import { enableCompileCache } from "node:module";

enableCompileCache(`${import.meta.dirname}/../node_modules/.cache/node`);
