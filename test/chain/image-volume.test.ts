import { isTrue, type KubeObject, referenceTo } from "tools/cluster/kubernetes/client.ts";
import { toolsImage } from "tools/cluster/node/containerd.ts";
import { chainImage } from "tools/cluster/node/node.ts";
import { eventually } from "tools/cluster/wait.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeRunningNetwork } from "../support/chain/running-network.ts";
import { local } from "../support/networks.ts";
import { notInSample } from "../support/sample.ts";

const program = "/next/usr/bin/mezod";

// The container's own image has a shell and no mezod.
const pod: KubeObject = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "image-volume", namespace: local.namespace },
  spec: {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65532, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "container",
        image: toolsImage,
        imagePullPolicy: "Never",
        command: [
          ...["/bin/sh", "-c", `exec ${program} "$@"`, "sh"],
          ...["ethereum-sidecar", "--ethereum-sidecar.server.ethereum-node-address", "ws://example.org"],
        ],
        env: [{ name: "HOME", value: "/tmp" }],
        readinessProbe: { grpc: { port: 7500 }, periodSeconds: 1 },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        volumeMounts: [
          { name: "next", mountPath: "/next", readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "next", image: { reference: chainImage, pullPolicy: "IfNotPresent" } },
      { name: "tmp", emptyDir: {} },
    ],
  },
};

describeRunningNetwork(
  "an image that a restricted pod mounts as a volume",
  (network) => {
    beforeAll(() => network().kube.create(pod));
    afterAll(() => network().kube.delete(referenceTo(pod), { gracePeriodSeconds: 0 }));

    const inPod = (...command: string[]) => network().operator.kubectl("exec", pod.metadata.name, "--", ...command);

    test("has a program that the container's shell becomes", async () => {
      const isReady = async () => isTrue(await network().kube.get(referenceTo(pod)), "Ready");
      await eventually(isReady, 60, "the pod with an image volume");
      expect(await inPod("/bin/cat", "/proc/1/maps")).toContain(` ${program}\n`);
      const status = await inPod("/bin/cat", "/proc/1/status");
      expect(status).toMatch(/^Name:\s+mezod$/m);
      expect(status).toMatch(/^Uid:\s+65532\s/m);
      expect(status).toMatch(/^CapEff:\s+0+$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
      expect(status).toMatch(/^Seccomp:\s+2$/m);
    });

    test("cannot be written", async () => {
      await expect(inPod("/bin/sh", "-c", ">/next/usr/bin/file")).rejects.toThrow("Read-only file system");
    });
  },
  notInSample(1),
);
