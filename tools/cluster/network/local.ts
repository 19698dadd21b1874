import { resolve } from "node:path";
import { loadSources } from "generators/load.ts";

const sources = await loadSources(resolve(import.meta.dirname, "../../.."));
const source = sources.find(({ network }) => network.name === "local");
if (!source) throw new Error("generators/networks declares no network local");

/** The network that a cluster on one's own machine runs. */
export const local = source.network;
