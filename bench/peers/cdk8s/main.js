import { readFileSync } from "node:fs";
import { ApiObject, App, Chart } from "cdk8s";
import { Construct } from "constructs";
import { manifests } from "../validator.js";

const { shared, validators } = JSON.parse(readFileSync("../network.json", "utf8"));

class Validator extends Construct {
  constructor(scope, values) {
    super(scope, values.name);
    const { service, statefulSet } = manifests(values);
    new ApiObject(this, "service", service);
    new ApiObject(this, "stateful-set", statefulSet);
  }
}

const app = new App();
const chart = new Chart(app, "network");
for (const [i, object] of shared.entries()) new ApiObject(chart, `shared-${i}`, object);
for (const values of validators) new Validator(chart, values);
app.synth();
