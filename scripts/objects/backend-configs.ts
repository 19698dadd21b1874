import type { Service, ServicePort } from "kubernetes-types/core/v1.js";
import { type Manifest, ofKind, sibling } from "./manifests.ts";

/** GKE's settings for a load balancer's backend, as far as rules ask for them. */
export type BackendConfig = Manifest & {
  spec?: {
    healthCheck?: { type?: string; port?: number };
    timeoutSec?: number;
    connectionDraining?: { drainingTimeoutSec?: number };
  };
};

export const backendConfigAnnotation = "cloud.google.com/backend-config";

/** The BackendConfig of each port, by a Service's annotation; undefined when the annotation cannot be read. */
export function backendConfigNames(annotation: string): Record<string, string> | undefined {
  const ports = jsonObject(annotation)?.ports;
  return typeof ports === "object" && ports !== null ? (ports as Record<string, string>) : undefined;
}

/** The JSON object in an annotation; undefined when it holds anything else. */
export function jsonObject(annotation: string): Record<string, unknown> | undefined {
  try {
    const json = JSON.parse(annotation);
    return typeof json === "object" && json !== null ? json : undefined;
  } catch {
    return undefined;
  }
}

/** Every port of a Service for which the overlay has a BackendConfig, with both of them. */
export function backendConfigs(manifests: readonly Manifest[]) {
  return ofKind<Service>(manifests, "Service").flatMap((service) => {
    const names = backendConfigNames(service.metadata.annotations?.[backendConfigAnnotation] ?? "{}") ?? {};
    return Object.entries(names).flatMap(([key, name]) => {
      const config = sibling<BackendConfig>(manifests, service, "BackendConfig", name) as BackendConfig | undefined;
      const port = service.spec?.ports?.find((each) => isNamed(each, key));
      return config && port ? [{ service, port, config }] : [];
    });
  });
}

/** Whether a key in an annotation, which is a name or a number, means the port. */
export const isNamed = ({ name, port }: ServicePort, key: string) => name === key || String(port) === key;
