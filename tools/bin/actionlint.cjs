#!/usr/bin/env node
require("../pinned-node.cjs");
import("../run.ts").then(({ run }) => run("actionlint"));
