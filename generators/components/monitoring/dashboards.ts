// Types alone: at run time the library takes longer to load than everything else here.
import type { Dashboard, Panel, RowPanel } from "@grafana/grafana-foundation-sdk/dashboard";
import type { Dataquery } from "@grafana/grafana-foundation-sdk/prometheus";
import { planOf } from "../../network/release.ts";
import type { Network } from "../../network/schema.ts";
import { selectors } from "./alert.ts";

/** What a panel shows: one number, or lines over time. */
interface Shown {
  title: string;
  expr: string;
  legend?: string;
  unit?: string;
  kind?: "stat" | "timeseries";
}

type Section = [question: string, panels: Shown[]];

/** The dashboard of a network: does the chain live, who signs, when is the next upgrade, what will fill up. */
export function networkDashboard(network: Network): Dashboard {
  const { cometbft, height, highest, claims } = selectors(network);
  const plan = planOf(network);
  const free = `kubelet_volume_stats_available_bytes{${claims}}`;
  return dashboard(network, "network", [
    [
      "Does the chain live?",
      [
        { title: "Height", expr: highest, kind: "stat" },
        { title: "Seconds a block, in five minutes", expr: `1 / max(deriv(${height}[5m]))`, unit: "s", kind: "stat" },
        { title: "Height of each validator", expr: height, legend: "{{pod}}" },
      ],
    ],
    [
      "Who signs?",
      [
        { title: "Validators of the chain", expr: `max(${cometbft("consensus_validators")})`, kind: "stat" },
        { title: "Missing in the last block", expr: `max(${cometbft("consensus_missing_validators")})`, kind: "stat" },
        {
          title: "Blocks since the last signature",
          expr: `${highest} - on() group_right() ${cometbft("consensus_validator_last_signed_height")}`,
          legend: "{{pod}}",
        },
      ],
    ],
    [
      "When is the next upgrade?",
      plan
        ? [
            { title: `Blocks until height ${plan.height}`, expr: `${plan.height} - ${highest}`, kind: "stat" },
            {
              title: `Time until height ${plan.height}`,
              expr: `(${plan.height} - ${highest}) / max(deriv(${height}[1h]))`,
              unit: "s",
              kind: "stat",
            },
          ]
        : [],
    ],
    [
      "What will fill up?",
      [
        {
          title: "Free on each volume",
          expr: `${free} / kubelet_volume_stats_capacity_bytes{${claims}}`,
          legend: "{{persistentvolumeclaim}}",
          unit: "percentunit",
        },
        {
          title: "Free in two days, if it goes on like this",
          expr: `predict_linear(${free}[6h], 172800)`,
          legend: "{{persistentvolumeclaim}}",
          unit: "bytes",
        },
      ],
    ],
  ]);
}

/** The dashboard of the nodes, a line each: what each has of peers, memory, processors, blocks and requests. */
export function nodeDashboard(network: Network): Dashboard {
  const { cometbft, pods } = selectors(network);
  const legend = "{{pod}}";
  return dashboard(network, "nodes", [
    [
      "Does it follow the chain?",
      [
        { title: "Height", expr: cometbft("consensus_height"), legend },
        { title: "Catches up", expr: cometbft("blocksync_syncing"), legend },
        { title: "Peers", expr: cometbft("p2p_peers"), legend },
        { title: "Rounds", expr: cometbft("consensus_rounds"), legend },
      ],
    ],
    [
      "What does it take?",
      [
        { title: "Memory", expr: `process_resident_memory_bytes{${pods}}`, legend, unit: "bytes" },
        { title: "Processors", expr: `rate(process_cpu_seconds_total{${pods}}[5m])`, legend },
        { title: "Started", expr: `process_start_time_seconds{${pods}} * 1000`, legend, unit: "dateTimeAsIso" },
      ],
    ],
    [
      "Who asks it?",
      [{ title: "JSON-RPC, requests a second", expr: `rate(rpc_requests{${pods}}[5m])`, legend, unit: "reqps" }],
    ],
  ]);
}

const source = { type: "prometheus", uid: "$datasource" };

function dashboard(network: Network, name: string, sections: readonly Section[]): Dashboard {
  return {
    uid: `${network.app}-${network.name}-${name}`,
    title: `${network.chain.id} (${network.name}): ${name}`,
    tags: [network.app],
    timezone: "utc",
    editable: false,
    graphTooltip: 1,
    schemaVersion: 42,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    templating: {
      list: [
        {
          type: "datasource",
          name: "datasource",
          query: "prometheus",
          skipUrlSync: false,
          multi: false,
          allowCustomValue: false,
          includeAll: false,
          auto: false,
          auto_min: "10s",
          auto_count: 30,
        },
      ],
    },
    annotations: {},
    panels: laidOut(sections.filter(([, panels]) => panels.length > 0)),
  } as Dashboard;
}

/** Rows from top to bottom; within one its panels share the width, which is 24. */
function laidOut(sections: readonly Section[]): (Panel | RowPanel)[] {
  const height = 8;
  return sections.flatMap(([question, panels], row) => {
    const y = row * (height + 1);
    const id = 10 * row + 1;
    const w = Math.floor(24 / panels.length);
    return [
      { type: "row", id, title: question, collapsed: false, panels: [], gridPos: { x: 0, y, w: 24, h: 1 } } as RowPanel,
      ...panels.map((shown, i) => panel(shown, id + i + 1, { x: i * w, y: y + 1, w, h: height })),
    ];
  });
}

function panel({ title, expr, legend = "", unit, kind = "timeseries" }: Shown, id: number, gridPos: Panel["gridPos"]) {
  const target: Partial<Dataquery> = { refId: "A", expr, legendFormat: legend };
  return {
    type: kind,
    id,
    title,
    gridPos,
    datasource: source,
    fieldConfig: { defaults: { ...(unit && { unit }) }, overrides: [] },
    targets: [target],
  } as unknown as Panel;
}
