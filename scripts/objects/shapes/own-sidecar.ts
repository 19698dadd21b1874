import { keystoreName, nodeHome, nodeName, sidecarName, sidecarSecret } from "generators/network/names.ts";
import type { Network, Validator } from "generators/network/schema.ts";
import { hasOwnSidecar } from "generators/network/sidecars.ts";
import { listed, type Shape } from "../shape.ts";
import { imageOfValidator, resources, restrictedContainer, script, scripts } from "./pod.ts";
import { nextRelease } from "./upgrade.ts";

/**
 * The ethereum-sidecar in a validator's pod, where it has one. It has the account's keyring, the keyring's password and the
 * Ethereum node's address, all as files: nothing of them is in its environment or its arguments. A probe, or a secret that
 * must be there, would decide whether the validator is ready.
 */
export function ownSidecar(network: Network, { index }: Validator): Shape[] {
  if (!hasOwnSidecar(network, index)) return [];
  const { cpu, memory } = network.ethereumSidecar.resources;
  return [
    {
      name: sidecarName,
      image: imageOfValidator(network, index),
      command: script("ethereum-sidecar.sh"),
      env: listed("name", [
        { name: "HOME", value: "/tmp" },
        { name: "KEY_NAME", value: `${nodeName(network, index)}-key` },
      ]),
      resources: resources(cpu, memory, "256Mi"),
      securityContext: restrictedContainer,
      volumeMounts: listed("mountPath", [
        { name: "keyring", mountPath: `${nodeHome}/keyring-file`, readOnly: true },
        { name: "sidecar", mountPath: "/sidecar", readOnly: true },
        scripts(network).mount,
        { name: "sidecar-tmp", mountPath: "/tmp" },
        ...nextRelease(network).sidecarMounts,
      ]),
    },
  ];
}

/** The volumes that nothing else in the pod mounts. */
export const ownSidecarVolumes = (network: Network, { index }: Validator) =>
  hasOwnSidecar(network, index)
    ? [
        {
          name: "sidecar",
          projected: {
            defaultMode: 0o440,
            sources: [
              optionalFile(keystoreName(network, index), "keyring_password.txt"),
              optionalFile(sidecarSecret.name, sidecarSecret.key),
            ],
          },
        },
        { name: "sidecar-tmp", emptyDir: {} },
      ]
    : [];

const optionalFile = (name: string, key: string) => ({
  secret: { name, optional: true, items: [{ key, path: key }] },
});
