#!/usr/bin/env node
import { run } from "../src/run.ts";

await run("kubeseal");
