import { readFileSync } from "node:fs";
import { StatefulSet } from "kubernetes-models/apps/v1";
import { Service } from "kubernetes-models/v1";
import { manifests } from "../../validator.js";

// The typed classes, which kosko validates: its documentation's way.
const { shared, validators } = JSON.parse(readFileSync("../network.json", "utf8"));

export default [
  ...shared,
  ...validators.map((values) => {
    const { service, statefulSet } = manifests(values);
    return [new Service(service), new StatefulSet(statefulSet)];
  }),
];
