import { useMemo, useState } from "react";

import { plotArea, type PlotArea } from "@/components/plot/plot-area";
import { PlotFrame } from "@/components/plot/plot-frame";
import { formatNumber } from "@/lib/format";
import { fieldTitle } from "@/lib/run-fields";
import { runColorVariable } from "@/lib/run-colors";
import { categoryScale, linearScale, logScale, padded } from "@/lib/scale";
import { boxSummary, density, type BoxSummary } from "@/lib/statistics";

import { ChartEmpty, ChartFailed, ChartWaiting } from "../chart-states";
import type { ChartProps } from "../define-chart";
import { groupColor, groupValues, type GroupValues } from "../group-values";
import { finiteExtent, useFields, useRunPoints } from "../run-points";
import { ValueTooltip } from "../value-tooltip";
import type { BoxOptions } from ".";

const MAX_RUNS = 20_000;

/** A box or a violin for each group of the table's runs. */
export function BoxChart(props: ChartProps<BoxOptions>) {
  const { title, scene, options, width, height, onHandle } = props;
  const fields = useFields(options.value, options.group);
  const query = useRunPoints(scene, options.value === "" ? [] : fields, MAX_RUNS, onHandle);
  const [near, setNear] = useState(-1);
  const values = query.data;

  const groups = useMemo(() => {
    const found = values === undefined ? [] : groupValues(values, options.value, options.group);
    if (!options.log) return found;
    return found
      .map((group) => Object.assign({}, group, { values: group.values.filter((one) => one > 0) }))
      .filter((group) => group.values.length > 0);
  }, [values, options.value, options.group, options.log]);
  const boxes = useMemo(() => groups.map((group) => boxSummary(group.values)), [groups]);
  const area = useMemo(() => {
    const all = finiteExtent(groups.flatMap((group) => group.values));
    const [low, high] = padded(
      all.low,
      all.high,
      options.log,
      options.shape === "violin" ? 0.14 : 0.05,
    );
    return plotArea({
      width,
      height,
      x: categoryScale(groups.map(({ label }) => label)),
      y: options.log ? logScale(low, high) : linearScale(low, high),
      hasXTitle: options.group !== "",
      hasYTitle: true,
    });
  }, [groups, options.log, options.group, options.shape, width, height]);

  if (options.value === "") return <ChartEmpty height={height}>Choose a value</ChartEmpty>;
  if (query.isPending) return <ChartWaiting height={height} />;
  if (query.isError) {
    return <ChartFailed height={height} error={query.error} onRetry={() => void query.refetch()} />;
  }
  if (groups.length === 0) return <ChartEmpty height={height}>No run has this value</ChartEmpty>;
  const nearBox = boxes[near];
  const band = area.width / groups.length;
  const shapeOf = (label: string, at: number): ShapeProps => ({
    at,
    area,
    band,
    color: runColorVariable(groupColor(scene, label, at)),
  });
  return (
    <PlotFrame
      area={area}
      width={width}
      height={height}
      label={`${title}: ${groups.length} groups`}
      yTitle={fieldTitle(options.value)}
      {...(options.group === "" ? {} : { xTitle: fieldTitle(options.group) })}
      overlay={
        <>
          {nearBox !== undefined && (
            <ValueTooltip
              area={area}
              left={area.px(near)}
              top={area.py(nearBox.median)}
              title={groups[near]?.label ?? ""}
              rows={rowsOf(nearBox)}
            />
          )}
          {groups.map(({ label }, at) => (
            <div
              key={label}
              style={{ position: "absolute", left: at * band, width: band, height: area.height }}
              onPointerEnter={() => setNear(at)}
              onPointerLeave={() => setNear(-1)}
            />
          ))}
        </>
      }
    >
      {groups.map((group, at) =>
        options.shape === "violin" && group.values.length > 2 ? (
          <Violin key={group.label} group={group} {...shapeOf(group.label, at)} />
        ) : (
          <Box key={group.label} summary={boxes[at]} {...shapeOf(group.label, at)} />
        ),
      )}
    </PlotFrame>
  );
}

function rowsOf(box: BoxSummary): [string, string][] {
  return [
    ["runs", String(box.n)],
    ["mean", formatNumber(box.mean)],
    ["highest", formatNumber(Math.max(box.high, ...box.outliers))],
    ["75 %", formatNumber(box.upperQuartile)],
    ["median", formatNumber(box.median)],
    ["25 %", formatNumber(box.lowerQuartile)],
    ["lowest", formatNumber(Math.min(box.low, ...box.outliers))],
  ];
}

interface ShapeProps {
  at: number;
  area: PlotArea;
  /** The room that a group has. */
  band: number;
  color: string;
}

const WIDEST = 54;

function Box({ summary, at, area, band, color }: ShapeProps & { summary: BoxSummary | undefined }) {
  if (summary === undefined) return null;
  const { py } = area;
  const half = Math.min(WIDEST, band * 0.6) / 2;
  const [top, bottom] = [py(summary.upperQuartile), py(summary.lowerQuartile)];
  return (
    <g transform={`translate(${area.px(at)} 0)`} stroke={color} fill="none">
      <path d={`M0 ${py(summary.high)}V${top}M0 ${bottom}V${py(summary.low)}`} />
      <path
        d={`M${-half / 2} ${py(summary.high)}H${half / 2}M${-half / 2} ${py(summary.low)}H${half / 2}`}
      />
      <rect
        x={-half}
        y={top}
        width={2 * half}
        height={Math.max(1, bottom - top)}
        fill={color}
        fillOpacity="0.18"
        rx="2"
      />
      <path d={`M${-half} ${py(summary.median)}H${half}`} strokeWidth="2.5" />
      {summary.outliers.slice(0, 200).map((value) => (
        <circle key={value} cy={py(value)} r="2.2" fill={color} stroke="none" />
      ))}
    </g>
  );
}

const N_PLACES = 60;

function Violin({ group, at, area, band, color }: ShapeProps & { group: GroupValues }) {
  const { low, high } = finiteExtent(group.values);
  const isLog = area.y.kind === "log";
  const ends = isLog ? [Math.log10(low), Math.log10(high)] : [low, high];
  const [from = 0, to = 1] = ends;
  const room = (to - from) * 0.1 || Math.abs(from) * 0.05 || 1;
  const places = Array.from(
    { length: N_PLACES },
    (_, place) => from - room + ((to - from + 2 * room) * place) / (N_PLACES - 1),
  );
  const values = isLog ? group.values.map((value) => Math.log10(value)) : group.values;
  const densities = density(values, places);
  const most = Math.max(...densities);
  const half = Math.min(2 * WIDEST, band * 0.85) / 2;
  const point = (side: number) => (place: number, index: number) =>
    `${(side * half * (densities[index] ?? 0)) / most},${area.py(isLog ? 10 ** place : place)}`;
  const outline = [...places.map(point(1)), ...places.map(point(-1)).toReversed()];
  const box = boxSummary(group.values);
  return (
    <g transform={`translate(${area.px(at)} 0)`} stroke={color}>
      <polygon points={outline.join(" ")} fill={color} fillOpacity="0.2" />
      <path d={`M0 ${area.py(box.upperQuartile)}V${area.py(box.lowerQuartile)}`} strokeWidth="4" />
      <circle cy={area.py(box.median)} r="3.2" fill="var(--surface-raised)" strokeWidth="1.5" />
    </g>
  );
}
