import type { Topic } from "../rule.ts";
import requireRunbooks from "./require-runbooks.ts";
import validMonitoring from "./valid-monitoring.ts";

export default {
  title: "Monitoring: what is collected, and who is woken by what",
  rules: [validMonitoring, requireRunbooks],
} satisfies Topic;
