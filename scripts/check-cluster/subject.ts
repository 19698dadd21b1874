import type { Network } from "generators/network/schema.ts";
import type { Api } from "../lib/cluster/api.ts";
import type { Manifest } from "../objects/manifests.ts";
import type { Controller } from "../seal/controller.ts";

/** What is checked, against which cluster. */
export interface Subject {
  root: string;
  network: Network;
  api: Api;
  /** The network's objects as they are committed, built. */
  objects: readonly Manifest[];
  /** Its AppProject and Application as they are committed. */
  argocdObjects: readonly Manifest[];
  controller: Controller;
}
