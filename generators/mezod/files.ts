import type { Network } from "../network/schema.ts";
import { appToml } from "./app-toml.ts";
import { clientToml } from "./client-toml.ts";
import { configToml } from "./config-toml.ts";
import type { TomlFile } from "./settings.ts";

/** The node's configuration files, by the name of their part of a network's settings: app is app.toml. */
export const configurationFiles: Record<keyof Network["settings"], TomlFile> = {
  app: appToml,
  client: clientToml,
  config: configToml,
};
