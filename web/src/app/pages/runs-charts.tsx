import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";

import type { RunsSource } from "@/api/run-values";
import { getMetricNames } from "@/api/metric-names";
import type { RunColumns } from "@/api/runs";
import { getTablePage } from "@/api/run-table";
import type { TableRequest, TableRow } from "@/api/run-rows";
import { chartedRow } from "@/charts/charted-row";
import { MetricCharts } from "@/features/metrics/components/metric-charts";
import type { RunColor } from "@/lib/run-colors";

import type { RunsSearch } from "../search-params";

interface RunsChartsProps {
  request: TableRequest;
  keys: RunColumns;
  /** The runs to draw: the selected ones, else the first of the table. */
  charted: readonly TableRow[];
  colors: ReadonlyMap<string, RunColor>;
  /** What groups the table, and the colours of its groups. */
  groupBy: readonly string[];
  groupColors: ReadonlyMap<string, RunColor>;
  /** True if there are more runs to draw than are drawn, and nobody chose these. */
  isCut: boolean;
  isChosen: boolean;
  search: RunsSearch;
  patch: (change: RunsSearch) => void;
  onOpenRun: (runId: string) => void;
}

const NO_METRICS = { keys: [], curves: new Set<string>() };
const NO_CELLS = {};

/** The charts beside the table. */
export function RunsCharts(props: RunsChartsProps) {
  const { request, keys, charted, colors, groupBy, groupColors, isCut, isChosen } = props;
  const { search, patch, onOpenRun } = props;
  const { experimentIds, filter, order, viewType } = request;
  const onSelect = useCallback(
    (runIds: readonly string[]) =>
      patch({ selected: runIds.length === 0 ? undefined : runIds, all: undefined }),
    [patch],
  );
  const experiments = experimentIds.join(",");
  const runIds = useMemo(() => charted.map((row) => row.id), [charted]);
  const metrics = useQuery({
    ...getMetricNames(experiments, runIds),
    placeholderData: keepPreviousData,
  }).data;
  // What names the groups of the page and of single panels.
  const fields = averageFields(search, groupBy);
  const grouped = useQuery({
    ...getTablePage(request, fields, 0),
    enabled: fields.length > 0,
    placeholderData: keepPreviousData,
  }).data;
  const runs = useMemo(() => {
    const cells = new Map((grouped?.rows ?? []).map((row) => [row.id, row.cells]));
    return charted.map((row) => chartedRow(row, colors.get(row.id), cells.get(row.id) ?? NO_CELLS));
  }, [charted, grouped, colors]);
  const source = useMemo(
    (): RunsSource => ({ experimentIds, filter, orderBy: order, viewType }),
    [experimentIds, filter, order, viewType],
  );

  return (
    <MetricCharts
      runs={runs}
      metrics={metrics ?? NO_METRICS}
      source={source}
      columns={keys}
      groupBy={groupBy}
      groupColors={groupColors}
      isChosen={isChosen}
      search={search}
      onSearch={patch}
      onSelect={onSelect}
      onOpenRun={onOpenRun}
      {...(isCut
        ? { hint: `The first ${charted.length} runs of the table. Select runs to choose.` }
        : {})}
    />
  );
}

/** Fields of text by which curves are averaged: by all panels, and by some. */
function averageFields(search: RunsSearch, groupBy: readonly string[]): string[] {
  const ofPanels = (search.panels ?? []).flatMap(({ options }) => options?.["average"] ?? []);
  const texts = ofPanels.filter((field) => typeof field === "string");
  return [...new Set([...(search.average ?? groupBy), ...texts])].filter((field) =>
    /^(?:params|tags)\./.test(field),
  );
}
