import type { Service } from "kubernetes-types/core/v1.js";
import { isNamed, jsonObject } from "../../objects/backend-configs.ts";
import { ofKind } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

/** Annotations of JSON with ports as its keys, and where in it they stand. */
const annotations: Record<string, (json: Record<string, unknown>) => unknown> = {
  "cloud.google.com/neg": ({ exposed_ports }) => exposed_ports,
  "cloud.google.com/app-protocols": (json) => json,
};

export default {
  id: "no-missing-annotated-port",
  why: "GKE makes no endpoint group, and so no way to the pods, for a port that the Service does not have.",
  fix: "Restore the annotations in generators/components/json-rpc.ts: endpoint groups name ports by number, protocols by name.",
  brokenBy: "generator",
  *check(manifests) {
    for (const service of ofKind<Service>(manifests, "Service")) {
      for (const [annotation, portsOf] of Object.entries(annotations)) {
        const text = service.metadata.annotations?.[annotation];
        if (text === undefined) continue;
        const field = `metadata.annotations["${annotation}"]`;
        const json = jsonObject(text);
        if (!json) yield finding(service, field, `must be a JSON object, is ${text}`);
        for (const key of Object.keys(portsOf(json ?? {}) ?? {})) {
          if (service.spec?.ports?.some((port) => isNamed(port, key))) continue;
          yield finding(service, field, `names port ${key}, which the Service does not have`);
        }
      }
    }
  },
} satisfies Rule;
