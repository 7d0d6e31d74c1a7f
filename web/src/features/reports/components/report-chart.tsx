import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";

import { getPanelScene } from "@/api/panels";
import type { TableRow } from "@/api/run-rows";
import { chartedRow } from "@/charts/charted-row";
import { readOptions, type Scene } from "@/charts/define-chart";
import { Hover } from "@/charts/hover";
import { CHARTS } from "@/charts/registry";
import { ErrorPanel } from "@/components/error-panel";
import { useRunColors } from "@/components/run-colors";
import { useSize } from "@/components/use-size";
import { identifier } from "@/lib/filter-text";
import type { PanelSpec } from "@/lib/report-text";

import classes from "./figures.module.css";
import { runHref } from "./run-link";

/** In pixels; a chart that is two rows high beside a table is higher here too. */
const HEIGHT = 300;
const LARGE_HEIGHT = 420;
const ignore = () => undefined;
const NO_ROWS: readonly TableRow[] = [];

/** A chart of those beside a table, over the runs that a report names. */
export function ReportChart({ spec }: { spec: PanelSpec }) {
  const [changed, setChanged] = useState<object>({});
  const [hover] = useState(() => new Hover());
  const [ref, { width }] = useSize();
  // What is called a table here shows runs.
  const name = spec.chart === "difference" ? "table" : spec.chart;
  const chart = CHARTS.get(name);
  const fields = useMemo(() => groupFields(spec.options["average"]), [spec]);
  const query = useQuery(getPanelScene(spec, fields));
  const colors = useRunColors(query.data?.rows ?? NO_ROWS);
  const scene = useMemo((): Scene | null => {
    if (query.data === undefined) return null;
    const { source, rows, columns } = query.data;
    const runs = rows.map((row) => chartedRow(row, colors.get(row.id), row.cells));
    const experiments = new Map(rows.map((row) => [row.id, row.experimentId]));
    const onOpenRun = (id: string) => location.assign(runHref(experiments.get(id) ?? "", id));
    return { runs, source, columns, hover, onOpenRun };
  }, [query.data, colors, hover]);
  const options = useMemo(
    () =>
      chart === undefined ? {} : readOptions(chart, sharedOptions(spec), spec.options, changed),
    [chart, spec, changed],
  );

  if (chart === undefined) return null;
  const unknown = Object.keys(spec.options).find((option) => !(option in chart.defaults));
  if (unknown !== undefined) {
    return (
      <p className={classes.empty} role="alert">
        {chart.title} has no option {unknown}: there is {Object.keys(chart.defaults).join(", ")}.
      </p>
    );
  }
  const height = (chart.size?.height ?? 1) > 1 ? LARGE_HEIGHT : HEIGHT;
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div ref={ref} style={{ minHeight: spec.chart === "note" ? 0 : height }}>
      {width === 0 || scene === null ? (
        <div role="status" aria-label="Loading">
          <Skeleton height={height - 20} />
        </div>
      ) : (
        <chart.Component
          title={spec.title || chart.titleOf(options) || chart.title}
          scene={scene}
          options={options}
          width={width}
          height={height}
          isFull={false}
          onOptions={(change) => setChanged((before) => ({ ...before, ...change }))}
          onHandle={ignore}
        />
      )}
    </div>
  );
}

/** What a panel says by its own names, by those of charts. */
function sharedOptions({ metric, x, smoothing, log }: PanelSpec): object {
  const said = { x, smoothing, log };
  if (metric === "") return said;
  const field = identifier("metrics", metric);
  return { ...said, metrics: [metric], value: field, target: field };
}

function groupFields(average: unknown): string[] {
  if (!Array.isArray(average)) return [];
  return average.filter((field) => typeof field === "string" && /^(?:params|tags)\./.test(field));
}
