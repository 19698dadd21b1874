import type { Finding } from "../../lib/finding.ts";
import { containers, type Manifest, workloads } from "../../objects/manifests.ts";
import { finding, type Rule } from "../rule.ts";

// RFC 1123 and 1035, as the API server checks them; schemas do not.
const subdomain = /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
const labelValue = /^(?=.{0,63}$)(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/;
const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?(?=.{1,63}$)[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const portName = /^(?=.{1,15}$)(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;

// A job of a CronJob carries its name, a hyphen and the minutes of eleven digits at most, and its pods have that in a label.
// A pod of a StatefulSet carries its name, a hyphen and a hash of ten in the label controller-revision-hash.
const own: Record<string, { pattern: RegExp; form: string }> = {
  CronJob: { pattern: /^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/, form: "a DNS label of 52 characters at most" },
  Service: { pattern: /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/, form: "a DNS label of 63 characters at most" },
  StatefulSet: { pattern: /^[a-z0-9]([-a-z0-9]{0,50}[a-z0-9])?$/, form: "a DNS label of 52 characters at most" },
};
const other = { pattern: subdomain, form: "a DNS name of 253 characters at most" };

export default {
  id: "valid-names-and-labels",
  why: "The API server refuses the object, or the controller can never make its pods.",
  fix: "Restore the names in generators/network/names.ts: a-z, 0-9 and '-', within the limit.",
  brokenBy: "generator",
  *check(manifests) {
    for (const manifest of manifests) {
      const { name, labels } = manifest.metadata;
      const { pattern, form } = own[manifest.kind] ?? other;
      if (!pattern.test(name)) yield finding(manifest, "metadata.name", `must be ${form}, is ${name}`);
      yield* badLabels(manifest, "metadata.labels", labels);
    }
    for (const workload of workloads(manifests)) {
      const { manifest, template, at } = workload;
      yield* badLabels(manifest, `${at}.metadata.labels`, template.metadata?.labels);
      for (const { container, field } of containers(workload)) {
        for (const [i, { name = "p" }] of (container.ports ?? []).entries()) {
          if (portName.test(name)) continue;
          yield finding(
            manifest,
            `${field}.ports[${i}].name`,
            `must be a service name of 15 characters at most, is ${name}`,
          );
        }
      }
    }
  },
} satisfies Rule;

function* badLabels(manifest: Manifest, field: string, labels: Record<string, string> = {}): Iterable<Finding> {
  for (const [key, value] of Object.entries(labels)) {
    if (!labelKey.test(key)) yield finding(manifest, field, `${key} is not a valid label name`);
    if (!labelValue.test(value))
      yield finding(manifest, `${field}["${key}"]`, `must be a valid label value, is ${value}`);
  }
}
