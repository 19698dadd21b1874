import type { Container, Volume } from "kubernetes-types/core/v1.js";
import {
  imageName,
  keyName,
  keystoreName,
  nodeHome,
  passwordFile,
  sidecarName,
  sidecarSecret,
} from "../../network/names.ts";
import type { Network } from "../../network/schema.ts";
import { addressFile, sidecarFolder } from "../scripts/ethereum-sidecar.ts";
import { resources, restrictedContainer } from "../security.ts";
import { sidecarMounts } from "./upgrade.ts";
import { scriptsFolder, scriptsMount } from "./volumes.ts";

/**
 * The ethereum-sidecar in a validator's pod, from the image of its node: the two must be of one release, and with a planned
 * one the sidecar follows the node. It has no probe, because whether it is well must not decide whether the validator is
 * ready.
 */
export const sidecarContainer = (network: Network, index: number): Container => ({
  name: sidecarName,
  image: imageName(network),
  command: ["/bin/sh", `${scriptsFolder}/ethereum-sidecar.sh`],
  env: [
    { name: "HOME", value: "/tmp" },
    { name: "KEY_NAME", value: keyName(network, index) },
  ],
  resources: resources(network.ethereumSidecar.resources, "256Mi"),
  securityContext: restrictedContainer,
  // Of the node's home it has the account's keyring alone: neither the consensus key nor the chain's data.
  volumeMounts: [
    { name: "keyring", mountPath: `${nodeHome}/keyring-file`, readOnly: true },
    { name: "sidecar", mountPath: sidecarFolder, readOnly: true },
    scriptsMount,
    { name: "sidecar-tmp", mountPath: "/tmp" },
    ...sidecarMounts(network),
  ],
});

/** The volumes that it has for itself. The node starts without them: they are optional, and the script waits for them. */
export const sidecarVolumes = (network: Network, index: number): Volume[] => [
  {
    name: "sidecar",
    projected: {
      defaultMode: 0o440,
      sources: [
        {
          secret: {
            name: keystoreName(network, index),
            optional: true,
            items: [{ key: passwordFile, path: passwordFile }],
          },
        },
        {
          secret: {
            name: sidecarSecret.name,
            optional: true,
            items: [{ key: sidecarSecret.key, path: addressFile }],
          },
        },
      ],
    },
  },
  { name: "sidecar-tmp", emptyDir: {} },
];
