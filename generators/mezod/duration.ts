// As Go's time.ParseDuration reads it, which the node uses: each number has its unit, and 0 may go without.
const form = /^[-+]?(0|((\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|[smh]))+)$/;
const part = /(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|[smh])/g;
const units: Record<string, number> = { ns: 1e-9, us: 1e-6, µs: 1e-6, μs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/** A Go duration such as "1m30s" or "500ms" in seconds; NaN for what is none. */
export function seconds(duration: string): number {
  if (!form.test(duration)) return Number.NaN;
  const sum = [...duration.matchAll(part)].reduce((all, [, n, unit]) => all + Number(n) * (units[unit ?? ""] ?? 0), 0);
  return duration.startsWith("-") ? -sum : sum;
}
