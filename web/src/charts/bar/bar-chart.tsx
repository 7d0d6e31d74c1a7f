import { useMemo, useState } from "react";

import { plotArea } from "@/components/plot/plot-area";
import { PlotFrame } from "@/components/plot/plot-frame";
import { formatNumber } from "@/lib/format";
import { fieldTitle } from "@/lib/run-fields";
import { runColorVariable, type RunColor } from "@/lib/run-colors";
import { categoryScale, linearScale, type Scale } from "@/lib/scale";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { groupColor, groupValues } from "../group-values";
import { columnOf, useFields, useRunPoints } from "../run-points";
import { ValueTooltip } from "../value-tooltip";
import { meanBars, type Bar } from "./bars";
import type { BarOptions } from ".";

const MAX_RUNS = 20_000;
const MAX_BARS = 60;

/** Bars to the right, one for each run of the table or for each group. */
export function BarChart(props: ChartProps<BarOptions>) {
  const { title, scene, options, width, height, onHandle } = props;
  const fields = useFields(options.value, options.group);
  const maxRuns = options.group === "" ? MAX_BARS : MAX_RUNS;
  const query = useRunPoints(scene, options.value === "" ? [] : fields, maxRuns, onHandle);
  const [near, setNear] = useState(-1);
  const values = query.data;

  const bars = useMemo((): Bar[] => {
    if (values === undefined) return [];
    if (options.group !== "") {
      return meanBars(groupValues(values, options.value, options.group), options.spread);
    }
    const column = columnOf(values, options.value);
    return values.names.flatMap((label, at) => {
      const value = column?.numbers[at] ?? Number.NaN;
      return Number.isFinite(value)
        ? [{ id: values.runIds[at] ?? "", label, value, reach: 0, n: 1 }]
        : [];
    });
  }, [values, options.value, options.group, options.spread]);
  const colors = useMemo(
    () => new Map<string, RunColor>(scene.runs.map((run) => [run.id, run.color])),
    [scene.runs],
  );
  const area = useMemo(() => {
    const ends = bars.flatMap(({ value, reach }) => [value - reach, value + reach]);
    return plotArea({
      width,
      height,
      x: linearScale(Math.min(0, ...ends), Math.max(0, ...ends) || 1),
      y: upsideDown(categoryScale(bars.map(({ label }) => label))),
      hasXTitle: true,
    });
  }, [bars, width, height]);

  if (options.value === "") return <ChartEmpty height={height}>Choose a value</ChartEmpty>;
  if (query.isPending) return <ChartWaiting height={height} />;
  if (query.isError) {
    return <ChartFailed height={height} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (bars.length === 0) return <ChartEmpty height={height}>No run has this value</ChartEmpty>;
  const band = area.height / bars.length;
  const thick = Math.max(1, Math.min(18, band * 0.7));
  const zero = area.px(0);
  const shown = bars[near];
  return (
    <PlotFrame
      area={area}
      width={width}
      height={height}
      label={`${title}: ${bars.length} bars`}
      xTitle={fieldTitle(options.value)}
      overlay={
        <>
          {shown !== undefined && (
            <ValueTooltip
              area={area}
              left={area.px(shown.value)}
              top={area.py(near)}
              title={shown.label}
              rows={rowsOf(shown, options)}
            />
          )}
          {bars.map((one, at) => (
            <div
              key={one.id}
              style={{ position: "absolute", top: at * band, height: band, width: area.width }}
              onPointerEnter={() => setNear(at)}
              onPointerLeave={() => setNear(-1)}
            />
          ))}
        </>
      }
    >
      {bars.map(({ id, value, reach }, at) => {
        const color = options.group === "" ? colors.get(id) : groupColor(scene, id, at);
        const [left, right] = [area.px(value - reach), area.px(value + reach)];
        return (
          <g key={id} transform={`translate(0 ${area.py(at)})`}>
            <rect
              x={Math.min(zero, area.px(value))}
              y={-thick / 2}
              width={Math.max(1, Math.abs(area.px(value) - zero))}
              height={thick}
              fill={runColorVariable(color)}
              fillOpacity="0.85"
              rx="1.5"
            />
            {reach > 0 && (
              <path
                d={`M${left} 0H${right}M${left} -4V4M${right} -4V4`}
                stroke="var(--text)"
                fill="none"
              />
            )}
          </g>
        );
      })}
    </PlotFrame>
  );
}

/** The first at the top. */
function upsideDown(scale: Scale): Scale {
  return { ...scale, at: (value) => 1 - scale.at(value), invert: (part) => scale.invert(1 - part) };
}

function rowsOf({ value, reach, n }: Bar, { value: field, group, spread }: BarOptions) {
  const rows: [string, string][] = [
    [group === "" ? fieldTitle(field) : "mean", formatNumber(value)],
  ];
  if (group !== "") rows.push(["runs", String(n)]);
  if (reach > 0)
    rows.push([spread === "std" ? "deviation" : "95 % interval", `± ${formatNumber(reach)}`]);
  return rows;
}
