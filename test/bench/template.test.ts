import { spawnSync } from "node:child_process";
import type { Manifest } from "scripts/manifests.ts";
import { expect, test } from "vitest";
import { assertSameObjects } from "../../bench/same-objects.ts";
import { template, toHelm, toModule, type Values } from "../../bench/template.ts";

const values = (index: number): Values => ({
  name: `mezo-node-${index}`,
  id: String(index),
  wave: String(index + 1),
  host: `mezo-node-${index}.example.org`,
  keyringFile: `${index}${index}.address`,
  address: `node-${index}-ip`,
});

// With what a template literal would take for its own.
const script = (name: string) => `echo "\`${name}\`" \${HOME} \\\n`;

const objects = ({ name, id, wave, host, keyringFile, address }: Values): Manifest[] => [
  { apiVersion: "v1", kind: "Service", metadata: { name, labels: { id }, annotations: { address, fixed: "0" } } },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name, annotations: { wave } },
    ...{ spec: { replicas: 1, args: [script(name), `--address=${host}:26656`], file: keyringFile } },
  },
];

const twoOf = [...objects(values(0)), ...objects(values(1))];

test("from two validators' objects follows a third one's", () => {
  const module = `${toModule(template(twoOf, values(0), values(1)))}
    process.stdout.write(JSON.stringify(Object.values(manifests(${JSON.stringify(values(7))}))))`;
  const { stdout } = spawnSync(process.execPath, ["--input-type=module", "--eval", module], { encoding: "utf8" });
  expect(JSON.parse(stdout)).toEqual(objects(values(7)));
});

test("a chart's template ranges over validators, and quotes what would be a number", () => {
  const chart = toHelm(template(twoOf, values(0), values(1)));
  expect(chart).toMatch(/^\{\{- range \.Values\.validators \}\}\n---\n/);
  expect(chart).toMatch(/\n\{\{- end \}\}\n$/);
  expect(chart).toContain("name: {{ .name }}\n");
  expect(chart).toContain("id: {{ .id | quote }}\n");
  expect(chart).toContain('fixed: "0"\n');
  expect(chart).toContain("- --address={{ .host }}:26656\n");
});

test("an object that is missing, one too many, or another is no fair comparison", () => {
  const ours = objects(values(0));
  expect(() => assertSameObjects("peer", ours.toReversed(), ours)).not.toThrow();
  const [service, statefulSet] = ours as [Manifest, Manifest];
  const other = { ...statefulSet, spec: { replicas: 2 } };
  for (const theirs of [[service], [service, other], [...ours, service], [...ours, ...objects(values(1))]]) {
    expect(() => assertSameObjects("peer", theirs, ours)).toThrow("peer ");
  }
});
