import { keepPreviousData, useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";

import { getRunValues, runValuesRequest, type RunValues, type ValueColumn } from "@/api/run-values";
import { csvText } from "@/lib/csv";
import { formatDuration, formatNumber, formatTime } from "@/lib/format";
import { fieldTitle, isTimeField } from "@/lib/run-fields";
import {
  categoryScale,
  durationScale,
  linearScale,
  logScale,
  padded,
  timeScale,
  type Scale,
} from "@/lib/scale";

import type { ChartHandle, Scene } from "./define-chart";

/** Some fields of the runs of the page's table; the chart's menu gives them as CSV. */
export function useRunPoints(
  scene: Scene,
  fields: readonly string[],
  maxRuns: number,
  onHandle: (handle: ChartHandle) => void,
): UseQueryResult<RunValues> {
  const { source } = scene;
  const query = useQuery({
    ...getRunValues(source, fields, maxRuns),
    enabled: fields.length > 0,
    placeholderData: keepPreviousData,
  });
  const latest = useRef({ source, fields, values: query.data });
  useEffect(() => {
    latest.current = { source, fields, values: query.data };
  });
  useEffect(() => {
    onHandle({
      csv: () => (latest.current.values === undefined ? "" : valuesCsv(latest.current.values)),
      query: () => [runValuesRequest(latest.current.source, latest.current.fields, maxRuns)],
    });
  }, [onHandle, maxRuns]);
  return query;
}

/** Fields that are named, once each, so that asking for one twice asks for one column. */
export function useFields(...named: readonly string[]): string[] {
  const key = JSON.stringify([...new Set(named.filter((field) => field !== ""))]);
  return useMemo(() => JSON.parse(key) as string[], [key]);
}

export function columnOf(values: RunValues, field: string): ValueColumn | undefined {
  return values.columns.find((column) => column.field === field);
}

/** The axis that a field's values need. */
export function columnScale(column: ValueColumn, isLog = false, share = 0.05): Scale {
  if (column.categories !== null) return categoryScale(column.categories);
  const { low, high } = finiteExtent(column.numbers, isLog);
  const [from, to] = padded(low, high, isLog, share);
  if (isTimeField(column.field)) return timeScale(from, to);
  if (column.field === "duration") return durationScale(from, to);
  return isLog ? logScale(from, to) : linearScale(from, to);
}

/** The least and the greatest of some numbers that an axis can show. */
export function finiteExtent(
  numbers: ArrayLike<number>,
  isLog = false,
): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let at = 0; at < numbers.length; at += 1) {
    const value = numbers[at] ?? Number.NaN;
    if (!Number.isFinite(value) || (isLog && value <= 0)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return { low, high };
}

/** A value of a column as a person reads it. */
export function valueText(column: ValueColumn, at: number): string {
  const value = column.numbers[at] ?? Number.NaN;
  if (column.categories !== null) return column.categories[value] ?? "none";
  if (Number.isNaN(value)) return "none";
  if (isTimeField(column.field)) return formatTime(value);
  return column.field === "duration" ? formatDuration(value) : formatNumber(value);
}

function valuesCsv(values: RunValues): string {
  const head = ["run_id", "name", ...values.columns.map(({ field }) => fieldTitle(field))];
  const rows = values.runIds.map((id, at) => [
    id,
    values.names[at] ?? "",
    ...values.columns.map(({ numbers, categories }) => {
      const value = numbers[at] ?? Number.NaN;
      return categories === null ? value : (categories[value] ?? null);
    }),
  ]);
  return csvText([head, ...rows]);
}
